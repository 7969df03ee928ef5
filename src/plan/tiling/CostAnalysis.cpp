#include "CostAnalysis.h"
#include "tuning/Tuning.h"

#include "analysis/FusionGroup.h"
#include "analysis/Layout.h"
#include "analysis/View.h"
#include "rewrite/StoreWindows.h"

#include "rblnc/ir/Elements.h"
#include "rblnc/rbln/Dialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir;

namespace rblnc::plan {

static double bytesOfTensor(Type type) {
  auto tensor = cast<ShapedType>(type);
  return static_cast<double>(tensor.getNumElements()) * static_cast<double>(rblnc::bytesOf(tensor.getElementType()));
}

static bool isMovement(Operation *op) {
  if (auto generic = dyn_cast<linalg::GenericOp>(op))
    return isDataMovement(generic);
  return isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(op);
}

static bool isVector(Operation *op) {
  if (auto generic = dyn_cast<linalg::GenericOp>(op))
    return isElementwise(generic) && !isDataMovement(generic);
  return isa<rbln::ReduceOp>(op);
}

static bool isProduct(Operation *op) {
  auto generic = dyn_cast<linalg::GenericOp>(op);
  return generic && generic.getNumReductionLoops() > 0;
}

/// By the type of its operands as they are in memory, before they are widened.
static double productRate(linalg::GenericOp product, const CostModel &model) {
  Type element = cast<ShapedType>(product.getInputs()[0].getType()).getElementType();
  return model.productRate(element.getIntOrFloatBitWidth(), isa<FloatType>(element));
}

static OperationCost costOf(Operation *op, const CostModel &model) {
  OperationCost cost;
  cost.op = op;
  if (auto load = dyn_cast<rbln::LoadOp>(op)) {
    cost.loaded = bytesOfTensor(load.getResult().getType()) / model.dramBytesPerSecond;
  } else if (auto store = dyn_cast<rbln::StoreOp>(op)) {
    cost.stored = bytesOfTensor(store.getValue().getType()) / model.dramBytesPerSecond;
  } else if (auto generic = dyn_cast<linalg::GenericOp>(op)) {
    double points = 1;
    for (int64_t extent : generic.getStaticLoopRanges())
      points *= static_cast<double>(extent);
    if (isProduct(op)) {
      CommandCost product = model.product(2 * points, productRate(generic, model));
      cost.engine = product.unitSeconds;
      cost.setup = product.setupSeconds + model.synchronizationSeconds;
    } else {
      CommandCost vector = model.vector(points * static_cast<double>(generic.getBody()->getOperations().size() - 1));
      cost.engine = vector.unitSeconds;
      cost.setup = vector.setupSeconds / tuning::operationsOfVector;
    }
  } else if (isa<rbln::ReduceOp>(op)) {
    CommandCost vector =
        model.vector(static_cast<double>(cast<ShapedType>(op->getOperand(0).getType()).getNumElements()));
    cost.engine = vector.unitSeconds;
    cost.setup = vector.setupSeconds / tuning::operationsOfVector;
  }
  return cost;
}

bool canTileSummed(Operation *op) {
  // In tiles only if everybody who reads them takes tiles.
  if (isa<rbln::LoadOp>(op) || isMovement(op))
    return llvm::all_of(op->getResult(0).getUsers(), canTileSummed);
  if (isProduct(op)) {
    // A sum goes on exactly only in the type that it is formed in. Which tiles it has is for
    // TilingLimits::sumMultiple.
    Type element = cast<ShapedType>(op->getResult(0).getType()).getElementType();
    return element.isF32() || element.isInteger(32);
  }
  return isa<rbln::StoreOp, rbln::InsertOp, rbln::WindowInsertOp, rbln::WindowSliceOp, rbln::PadOp>(op);
}

CostAnalysis::CostAnalysis(func::FuncOp kernel, const DimensionClasses &classes, const Target &target,
                           const CostModel &model)
    : classes(classes), lineElements(target.lineElements), model(model) {
  list(kernel.getBody().front());
  for (const Life &life : lives)
    endsUpTo.push_back(std::max(life.last, endsUpTo.empty() ? 0 : endsUpTo.back()));
}

void CostAnalysis::list(Block &block) {
  size_t outer = blockFirst, first = lives.size();
  blockFirst = positions;
  for (Operation &op : block) {
    ++positions;
    visit(&op);
  }
  for (size_t number = first; number < lives.size(); ++number)
    if (lives[number].blockFirst == blockFirst && lives[number].blockLast == 0)
      lives[number].blockLast = positions;
  blockFirst = outer;
}

ArrayRef<size_t> CostAnalysis::sourcesOf(Value value) const {
  auto found = sources.find(value);
  return found == sources.end() ? ArrayRef<size_t>() : ArrayRef<size_t>(found->second);
}

void CostAnalysis::addLife(Value value, size_t position) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    return;
  Life life;
  life.elementBytes = rblnc::bytesOf(type.getElementType());
  life.isDense = isReadDensely(value, lineElements);
  life.first = life.last = position;
  life.blockFirst = blockFirst;
  for (int64_t d = 0; d < type.getRank(); ++d)
    life.dimensions.push_back({classes.classOf(value, d), type.getDimSize(d)});
  if (Operation *op = value.getDefiningOp()) {
    life.isLoad = isa<rbln::LoadOp>(op);
    life.isInTiles = canTileSummed(op) && llvm::all_of(value.getUsers(), canTileSummed);
  }
  sources[value] = {lives.size()};
  lives.push_back(std::move(life));
}

/// The last life may be written over what is read here.
void CostAnalysis::mayReplace(Value operand) {
  auto sizeOf = [](const Life &life) {
    int64_t bytes = life.elementBytes;
    for (Dimension dimension : life.dimensions)
      bytes *= dimension.extent;
    return bytes;
  };
  for (size_t source : sourcesOf(operand))
    if (sizeOf(lives[source]) == sizeOf(lives.back()))
      lives.back().replaces = static_cast<int64_t>(source);
}

void CostAnalysis::visit(Operation *op) {
  size_t position = positions;
  OperationCost cost = costOf(op, model);
  cost.position = position;
  cost.classes.assign(classes.classesOf(op));
  if (!cost.classes.empty())
    operations.push_back(cost);
  for (Value operand : op->getOperands())
    for (size_t source : sourcesOf(operand)) {
      lives[source].last = std::max(lives[source].last, position);
      for (int number : cost.classes)
        if (!llvm::is_contained(lives[source].readers, number))
          lives[source].readers.push_back(number);
    }
  if (auto branch = dyn_cast<scf::IfOp>(op)) {
    for (Value result : branch->getResults())
      addLife(result, position);
    for (Region *region : {&branch.getThenRegion(), &branch.getElseRegion()})
      if (!region->empty())
        list(region->front());
    return;
  }
  auto takeOver = [&](Value value) {
    SmallVector<size_t, 2> all;
    for (Value operand : op->getOperands())
      for (size_t source : sourcesOf(operand))
        if (all.size() < tuning::mostSources && !llvm::is_contained(all, source))
          all.push_back(source);
    sources[value] = std::move(all);
  };
  auto slice = dyn_cast<rbln::WindowSliceOp>(op);
  if (isMovement(op) || (slice && storeOf(slice)))
    return takeOver(op->getResult(0));
  if (isVector(op)) {
    for (Value result : op->getResults()) {
      // A vector program does not go on beyond its block.
      auto joins = [&](Operation *user) { return isVector(user) && user->getBlock() == op->getBlock(); };
      bool isFused = llvm::all_of(result.getUsers(), [&](Operation *user) {
        return joins(user) || (isMovement(user) && llvm::all_of(user->getUsers(), joins));
      });
      if (isFused) {
        takeOver(result);
        continue;
      }
      addLife(result, position);
      // The result may be written over an operand of the same size that is not read again.
      for (Value operand : op->getOperands())
        mayReplace(operand);
    }
    return;
  }
  if (isa<arith::ConstantOp, tensor::EmptyOp>(op))
    return;
  for (Value result : op->getResults())
    addLife(result, position);
  if (auto insert = dyn_cast<rbln::InsertOp>(op))
    mayReplace(insert.getData());
}

double CostAnalysis::excess(const Tiling &tiling, Window window, int64_t bytesOfScratchpad) const {
  auto tiledClassOf = [&](int number) -> const TiledClass * {
    for (const TiledClass &tiled : tiling.classes)
      if (tiled.number == number && number != DimensionClasses::none)
        return &tiled;
    return nullptr;
  };
  std::vector<int64_t> change(window.last - window.first + 2, 0);
  auto begin = std::lower_bound(endsUpTo.begin(), endsUpTo.end(), window.first) - endsUpTo.begin();
  for (const Life &life : ArrayRef(lives).drop_front(static_cast<size_t>(begin))) {
    if (life.first > window.last)
      break;
    // What rounds share stays while they go on: with all tiles that rounds within them make of it.
    const TiledClass *shared = llvm::find_if(tiling.classes, [&](const TiledClass &tiled) {
      return tiled.temporal > 1 && classes.canBeTiled(tiled.number) && llvm::is_contained(life.readers, tiled.number) &&
             llvm::none_of(life.dimensions, [&](Dimension dimension) { return dimension.number == tiled.number; });
    });
    bool stays = shared != tiling.classes.end();
    Extents shape;
    bool isOfRound = false;
    for (Dimension dimension : life.dimensions) {
      int64_t extent = dimension.extent;
      const TiledClass *tiled = tiledClassOf(dimension.number);
      if (tiled && (classes.canBeTiled(tiled->number) || life.isInTiles)) {
        int64_t whole = classes.extent(tiled->number), scale = extent / whole;
        int64_t rounds = tiled < shared ? tiled->temporal : 1;
        extent = llvm::divideCeil(llvm::divideCeil(whole, tiled->spatial), rounds) * scale;
        isOfRound |= rounds > 1;
      }
      shape.push_back(extent);
    }
    int64_t bytes = life.elementBytes * elementsInLines(shape, life.isDense ? 1 : lineElements);
    // Of what a round loads, one is used while the next one arrives.
    if (life.isLoad && isOfRound && !stays)
      bytes *= 2;
    size_t first = stays ? life.blockFirst : life.first;
    size_t last = stays ? std::max(life.last, life.blockLast) : life.last;
    if (life.replaces >= 0 && lives[static_cast<size_t>(life.replaces)].last <= life.first)
      first = std::min(last, life.first + 1);
    if (last < window.first || first > window.last)
      continue;
    change[std::max(first, window.first) - window.first] += bytes;
    change[std::min(last, window.last) - window.first + 1] -= bytes;
  }
  int64_t live = 0;
  double excess = 0;
  for (int64_t step : change) {
    live += step;
    excess += static_cast<double>(std::max<int64_t>(0, live - bytesOfScratchpad));
  }
  return excess;
}

} // namespace rblnc::plan
