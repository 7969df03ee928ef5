// Every operation is copied to each engine that needs it, with the part of its dimensions that the engine has.
#include "Split.h"

#include "Partition.h"

#include "rblnc/rbln/Dialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace rblnc::plan {
namespace {

class Splitter {
public:
  Splitter(func::FuncOp kernel, const Partition &partition, unsigned engines)
      : kernel(kernel), partition(partition), engines(engines) {}

  void run() {
    Block &body = kernel.getBody().front();
    findNeeds(body);
    SmallVector<Operation *> originals;
    for (Operation &op : body.without_terminator())
      originals.push_back(&op);
    OpBuilder builder(body.getTerminator());
    for (Operation *op : originals)
      copy(op, builder);
    for (Operation *op : llvm::reverse(originals)) {
      op->dropAllDefinedValueUses();
      op->erase();
    }
  }

private:
  // ---- Which engines need what
  // ---------------------------------------------------------------------------------------

  BitVector &needOf(Operation *op) {
    BitVector &need = needs[op];
    need.resize(engines);
    return need;
  }

  void require(Value value, const BitVector &on) {
    Operation *op = value.getDefiningOp();
    if (!op)
      return;
    if (auto branch = dyn_cast<scf::IfOp>(op)) {
      BitVector &need = resultNeeds[value];
      need.resize(engines);
      need |= on;
    } else {
      needOf(op) |= on;
    }
  }

  BitVector onlyFirst() const {
    BitVector first(engines);
    first.set(0);
    return first;
  }

  /// Backwards, so that every user of a value comes before it.
  void findNeeds(Block &block) {
    for (Operation &op : llvm::reverse(block.without_terminator())) {
      if (auto branch = dyn_cast<scf::IfOp>(op)) {
        for (Region *region : {&branch.getThenRegion(), &branch.getElseRegion()}) {
          if (region->empty())
            continue;
          for (auto [result, yielded] :
               llvm::zip(branch->getResults(), region->front().getTerminator()->getOperands())) {
            BitVector need = resultNeeds.lookup(result);
            need.resize(engines);
            require(yielded, need);
          }
          findNeeds(region->front());
        }
        require(branch.getCondition(), onlyFirst());
        continue;
      }
      BitVector &need = needOf(&op);
      if (isa<rbln::StoreOp>(op)) {
        for (unsigned engine = 0; engine < engines; ++engine)
          if (partition.stores(&op, engine))
            need.set(engine);
      } else if (isa<rbln::ToIndexOp, tensor::ExtractOp>(op)) {
        need = onlyFirst();
      }
      BitVector here = need; // `need` may move when the map grows
      for (Value operand : op.getOperands())
        require(operand, isa<rbln::IndexType>(operand.getType()) ? onlyFirst() : here);
    }
  }

  // ---- Copies
  // --------------------------------------------------------------------------------------------------------

  Value partOf(Value value, int64_t engine) {
    if (isa<BlockArgument>(value))
      return value;
    if (isa<rbln::IndexType>(value.getType()))
      engine = 0;
    return parts.lookup({value, engine});
  }

  RankedTensorType typeOf(Value value, int64_t engine) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> shape;
    for (int64_t d = 0; d < type.getRank(); ++d)
      shape.push_back(partition.pieceOf(value, d, engine).size);
    return RankedTensorType::get(shape, type.getElementType());
  }

  void copy(Operation *op, OpBuilder &builder) {
    if (auto branch = dyn_cast<scf::IfOp>(op))
      return copyBranch(branch, builder);
    const BitVector need = needOf(op);
    for (unsigned engine : need.set_bits())
      copyTo(op, engine, builder);
  }

  void copyTo(Operation *op, int64_t engine, OpBuilder &builder) {
    IRMapping mapping;
    for (Value operand : op->getOperands())
      mapping.map(operand, partOf(operand, engine));
    Operation *part = builder.clone(*op, mapping);
    part->setAttr(engineAttribute, builder.getI64IntegerAttr(engine));
    for (auto [from, to] : llvm::zip(op->getResults(), part->getResults())) {
      if (isa<RankedTensorType>(from.getType()))
        to.setType(typeOf(from, engine));
      parts[{from, engine}] = to;
    }
    if (auto load = dyn_cast<rbln::LoadOp>(part))
      moveAccess(load, cast<rbln::LoadOp>(op).getResult(), engine, builder);
    else if (auto store = dyn_cast<rbln::StoreOp>(part))
      moveAccess(store, cast<rbln::StoreOp>(op).getValue(), engine, builder);
    else if (auto generic = dyn_cast<linalg::GenericOp>(part))
      movePositions(generic, op->getResult(0), engine);
    else if (auto expand = dyn_cast<tensor::ExpandShapeOp>(part))
      expand.setStaticOutputShape(cast<RankedTensorType>(expand.getResult().getType()).getShape());
    else if (auto constant = dyn_cast<arith::ConstantOp>(part))
      resize(constant);
  }

  /// A load or store of a part starts further on, and its clips count from there.
  template <typename Access> void moveAccess(Access access, Value block, int64_t engine, OpBuilder &builder) {
    SmallVector<int64_t> starts;
    int64_t offset = static_cast<int64_t>(access.getOffset());
    for (auto [d, stride] : llvm::enumerate(access.getStrides())) {
      starts.push_back(partition.pieceOf(block, static_cast<int64_t>(d), engine).start);
      offset += starts.back() * stride;
    }
    access.setOffset(static_cast<uint64_t>(offset));
    ArrayAttr clips = access.getClipsAttr();
    if (!clips)
      return;
    SmallVector<Attribute> moved;
    for (auto clip : clips.template getAsRange<rbln::ClipAttr>()) {
      int64_t start = starts[clip.getAxis()];
      moved.push_back(rbln::ClipAttr::get(builder.getContext(), clip.getAxis(), clip.getLo() - start,
                                          clip.getHi() - start, clip.getTerm(), clip.getLoScale(), clip.getHiScale()));
    }
    access.setClipsAttr(builder.getArrayAttr(moved));
  }

  /// Positions in a part are counted from where it starts.
  void movePositions(linalg::GenericOp generic, Value result, int64_t engine) {
    SmallVector<linalg::IndexOp> positions(generic.getBody()->getOps<linalg::IndexOp>());
    for (linalg::IndexOp position : positions) {
      // Loops of a generic with positions are its result's dimensions: contractions have none.
      int64_t start = partition.pieceOf(result, static_cast<int64_t>(position.getDim()), engine).start;
      if (start == 0)
        continue;
      OpBuilder builder(position->getContext());
      builder.setInsertionPointAfter(position);
      // The position is used as an integer (arith.index_cast); the start is added there.
      for (Operation *user : llvm::make_early_inc_range(position->getUsers())) {
        auto cast = dyn_cast<arith::IndexCastOp>(user);
        if (!cast)
          continue;
        builder.setInsertionPointAfter(cast);
        Value first = arith::ConstantOp::create(builder, cast.getLoc(), builder.getIntegerAttr(cast.getType(), start));
        auto sum = arith::AddIOp::create(builder, cast.getLoc(), cast.getResult(), first);
        cast.getResult().replaceAllUsesExcept(sum, sum);
      }
    }
  }

  void resize(arith::ConstantOp constant) {
    auto elements = dyn_cast<DenseElementsAttr>(constant.getValue());
    auto type = dyn_cast<RankedTensorType>(constant.getType());
    if (elements && elements.isSplat() && type && elements.getType() != type)
      constant.setValueAttr(elements.resizeSplat(type));
  }

  /// One branch for all engines, so that memory is touched in the order of the program in it as well.
  void copyBranch(scf::IfOp branch, OpBuilder &builder) {
    SmallVector<std::pair<unsigned, int64_t>> results; // number of the result, engine
    SmallVector<Type> types;
    SmallVector<Attribute> engineOfResult;
    for (auto [i, result] : llvm::enumerate(branch->getResults())) {
      BitVector need = resultNeeds.lookup(result);
      for (unsigned engine : need.set_bits()) {
        results.push_back({static_cast<unsigned>(i), engine});
        types.push_back(typeOf(result, engine));
        engineOfResult.push_back(builder.getI64IntegerAttr(engine));
      }
    }
    auto whole = scf::IfOp::create(builder, branch.getLoc(), types, partOf(branch.getCondition(), 0),
                                   /*addThenBlock=*/true, /*addElseBlock=*/true);
    whole->setAttr(engineAttribute, builder.getArrayAttr(engineOfResult));
    for (auto [from, to] : {std::pair(&branch.getThenRegion(), &whole.getThenRegion()),
                            std::pair(&branch.getElseRegion(), &whole.getElseRegion())}) {
      Block &block = to->front();
      block.clear();
      OpBuilder inside = OpBuilder::atBlockEnd(&block);
      SmallVector<Value> yields;
      if (!from->empty()) {
        for (Operation &op : from->front().without_terminator())
          copy(&op, inside);
        for (auto [number, engine] : results)
          yields.push_back(partOf(from->front().getTerminator()->getOperand(number), engine));
      }
      scf::YieldOp::create(inside, branch.getLoc(), yields);
    }
    for (auto [i, place] : llvm::enumerate(results))
      parts[{branch->getResult(place.first), place.second}] = whole->getResult(i);
  }

  func::FuncOp kernel;
  const Partition &partition;
  unsigned engines;
  llvm::DenseMap<Operation *, BitVector> needs;
  llvm::DenseMap<Value, BitVector> resultNeeds;
  llvm::DenseMap<std::pair<Value, int64_t>, Value> parts;
};

} // namespace

void splitOverEngines(func::FuncOp kernel, const Target &target, Split split) {
  if (split == Split::none || target.engines < 2)
    return;
  DimensionClasses classes(kernel);
  Partition partition(kernel, classes, target, split == Split::most);
  if (partition.isTrivial())
    return;
  Splitter(kernel, partition, target.engines).run();
}

} // namespace rblnc::plan
