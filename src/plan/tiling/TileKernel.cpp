// Every operation is copied to each slot that needs it, with the part of its dimensions that the slot has.
#include "TileKernel.h"

#include "Blocks.h"
#include "ListScheduler.h"
#include "SelectTiling.h"
#include "tuning/Tuning.h"

#include "analysis/View.h"

#include "rblnc/ir/Elements.h"
#include "rblnc/rbln/Dialect.h"
#include "rblnc/support/Watch.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

#include <map>

using namespace mlir;

namespace rblnc::plan {
namespace {

class Tiler {
public:
  Tiler(func::FuncOp kernel, const Partition &partition, int64_t engines)
      : kernel(kernel), partition(partition), required(kernel, partition, engines) {}

  /// Whether the kernel is in parts: what was told to stop leaves it half-way.
  bool run() {
    Block &body = kernel.getBody().front();
    SmallVector<Operation *> originals;
    for (Operation &op : body.without_terminator())
      originals.push_back(&op);
    OpBuilder builder(body.getTerminator());
    if (!copy(body, builder))
      return false;
    for (Operation *op : llvm::reverse(originals)) {
      op->dropAllDefinedValueUses();
      op->erase();
    }
    return true;
  }

private:
  int64_t numberOf(Slot slot) const { return partition.numberOf(slot); }

  bool copy(Block &block, OpBuilder &builder) {
    for (const Task &task : scheduleTasks(block, partition, required)) {
      if (wasStopped())
        return false;
      auto branch = dyn_cast<scf::IfOp>(task.op);
      if (!branch)
        copyTo(task.op, task.slot, builder);
      else if (!copyBranch(branch, builder))
        return false;
    }
    return !wasStopped();
  }

  /// What an operation of a slot uses of a value.
  Value partFor(Operation *op, Value value, Slot slot, OpBuilder &builder) {
    if (isa<BlockArgument>(value))
      return value;
    if (isa<rbln::IndexType>(value.getType()))
      return parts.lookup({value, numberOf(RequiredTiles::processor)});
    SmallVector<Slot, 1> holders = partition.holdersFor(op, value, slot);
    Value part = parts.lookup({value, numberOf(holders.front())});
    if (holders.size() > 1)
      return joined(value, holders, builder);
    return narrowed(op, value, part, slot, builder);
  }

  /// The tiles of a value side by side.
  Value joined(Value value, ArrayRef<Slot> holders, OpBuilder &builder) {
    Value &whole = wholes[{value, numberOf(holders.front())}];
    if (whole && whole.getParentBlock() == builder.getInsertionBlock())
      return whole;
    SmallVector<Value> tiles;
    for (Slot holder : holders)
      tiles.push_back(parts.lookup({value, numberOf(holder)}));
    int64_t dimension = 0, rank = cast<ShapedType>(value.getType()).getRank();
    auto startIn = [&](size_t i, int64_t d) { return partition.tileOf(value, d, holders[i]).start; };
    while (dimension + 1 < rank && startIn(1, dimension) == startIn(0, dimension))
      ++dimension;
    whole = tensor::ConcatOp::create(builder, value.getLoc(), dimension, tiles);
    setEngine(whole.getDefiningOp(), holders.front().engine, builder);
    return whole;
  }

  /// The positions of a whole value that an operation needs.
  Value narrowed(Operation *op, Value value, Value part, Slot slot, OpBuilder &builder) {
    auto type = dyn_cast<RankedTensorType>(part.getType());
    if (!type)
      return part;
    SmallVector<OpFoldResult> offsets, sizes, strides;
    bool isPart = false;
    for (int64_t d = 0; d < type.getRank(); ++d) {
      Tile has = partition.tileOf(value, d, slot), wanted = partition.tileUsedBy(op, value, d, slot);
      isPart |= wanted.size != has.size;
      offsets.push_back(builder.getIndexAttr(wanted.start - has.start));
      sizes.push_back(builder.getIndexAttr(wanted.size));
      strides.push_back(builder.getIndexAttr(1));
    }
    if (!isPart)
      return part;
    auto slice = tensor::ExtractSliceOp::create(builder, value.getLoc(), part, offsets, sizes, strides);
    setEngine(slice, slot.engine, builder);
    return slice;
  }

  static void setEngine(Operation *op, int64_t engine, OpBuilder &builder) {
    op->setAttr(engineAttribute, builder.getI64IntegerAttr(engine));
  }

  RankedTensorType typeOf(Value value, Slot slot) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> shape;
    for (int64_t d = 0; d < type.getRank(); ++d)
      shape.push_back(partition.tileOf(value, d, slot).size);
    return RankedTensorType::get(shape, type.getElementType());
  }

  void copyTo(Operation *op, Slot slot, OpBuilder &builder) {
    IRMapping mapping;
    for (Value operand : op->getOperands())
      mapping.map(operand, partFor(op, operand, slot, builder));
    if (Slot last = partition.before(op, slot); !(last == slot)) {
      // A sum over tiles goes on from the last tile's.
      auto generic = cast<linalg::GenericOp>(op);
      mapping.map(generic.getOutputs()[0], parts.lookup({op->getResult(0), numberOf(heldBy(op->getResult(0), last))}));
    }
    Operation *part = builder.clone(*op, mapping);
    setEngine(part, slot.engine, builder);
    for (auto [from, to] : llvm::zip(op->getResults(), part->getResults())) {
      if (isa<RankedTensorType>(from.getType()))
        to.setType(typeOf(from, slot));
      parts[{from, numberOf(heldBy(from, slot))}] = to;
    }
    if (auto load = dyn_cast<rbln::LoadOp>(part)) {
      moveAccess(load, op, cast<rbln::LoadOp>(op).getResult(), slot);
      stage(load, op, slot, builder);
    } else if (auto store = dyn_cast<rbln::StoreOp>(part)) {
      moveAccess(store, op, cast<rbln::StoreOp>(op).getValue(), slot);
    } else if (auto generic = dyn_cast<linalg::GenericOp>(part)) {
      movePositions(generic, op->getResult(0), slot);
    } else if (auto insert = dyn_cast<rbln::InsertOp>(part)) {
      Tile rows = partition.tileOf(op->getResult(0), static_cast<int64_t>(insert.getAxis()), slot);
      insert.setFirst(insert.getFirst() + rows.start);
    } else if (auto expand = dyn_cast<tensor::ExpandShapeOp>(part)) {
      expand.setStaticOutputShape(cast<RankedTensorType>(expand.getResult().getType()).getShape());
    } else if (auto constant = dyn_cast<arith::ConstantOp>(part)) {
      resize(constant);
    }
  }

  /// The slot under whose number the part of a value stands that a slot's operation makes.
  Slot heldBy(Value value, Slot slot) const {
    return isa<rbln::IndexType>(value.getType()) ? slot : partition.holderOf(value, slot);
  }

  /// Marks a load that other engines need as well.
  void stage(rbln::LoadOp load, Operation *op, Slot slot, OpBuilder &builder) {
    auto type = cast<ShapedType>(load.getResult().getType());
    if (type.getNumElements() * rblnc::bytesOf(type.getElementType()) < tuning::leastStagedBytes)
      return;
    Slot first = partition.firstWithSame(op, slot);
    int64_t sharers = 0;
    for (unsigned number : required.of(op).set_bits())
      sharers += partition.firstWithSame(op, partition.slot(number)) == first;
    if (sharers < 2)
      return;
    int64_t stage = stages.try_emplace({op, numberOf(first)}, static_cast<int64_t>(stages.size())).first->second;
    load->setAttr(stageAttribute, builder.getI64IntegerAttr(stage));
  }

  /// A load or store of a part starts further on, and its clips count from there.
  template <typename Access> void moveAccess(Access access, Operation *op, Value block, Slot slot) {
    SmallVector<int64_t> starts;
    int64_t offset = static_cast<int64_t>(access.getOffset());
    for (auto [d, stride] : llvm::enumerate(access.getStrides())) {
      starts.push_back(partition.tileUsedBy(op, block, static_cast<int64_t>(d), slot).start);
      offset += starts.back() * stride;
    }
    access.setOffset(static_cast<uint64_t>(offset));
    if (ArrayAttr clips = shifted(access.getClipsAttr(), starts))
      access.setClipsAttr(clips);
  }

  /// Positions in a part are counted from where it starts.
  void movePositions(linalg::GenericOp generic, Value result, Slot slot) {
    SmallVector<linalg::IndexOp> positions(generic.getBody()->getOps<linalg::IndexOp>());
    for (linalg::IndexOp position : positions) {
      // Loops of a generic with positions are its result's dimensions: contractions have none.
      int64_t start = partition.tileOf(result, static_cast<int64_t>(position.getDim()), slot).start;
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

  /// One branch for all slots, so that memory is touched in the order of the program in it as well.
  bool copyBranch(scf::IfOp branch, OpBuilder &builder) {
    SmallVector<std::pair<unsigned, Slot>> results;
    SmallVector<Type> types;
    SmallVector<Attribute> engineOfResult;
    for (auto [i, result] : llvm::enumerate(branch->getResults()))
      for (unsigned number : required.ofResult(result).set_bits()) {
        Slot slot = partition.slot(number);
        results.push_back({static_cast<unsigned>(i), slot});
        types.push_back(typeOf(result, slot));
        engineOfResult.push_back(builder.getI64IntegerAttr(slot.engine));
      }
    Value condition = parts.lookup({branch.getCondition(), numberOf(RequiredTiles::processor)});
    auto whole = scf::IfOp::create(builder, branch.getLoc(), types, condition, /*addThenBlock=*/true,
                                   /*addElseBlock=*/true);
    whole->setAttr(engineAttribute, builder.getArrayAttr(engineOfResult));
    for (auto [from, to] : {std::pair(&branch.getThenRegion(), &whole.getThenRegion()),
                            std::pair(&branch.getElseRegion(), &whole.getElseRegion())}) {
      Block &block = to->front();
      block.clear();
      OpBuilder inside = OpBuilder::atBlockEnd(&block);
      SmallVector<Value> yields;
      if (!from->empty()) {
        if (!copy(from->front(), inside))
          return false;
        Operation *yield = from->front().getTerminator();
        for (auto [number, slot] : results)
          yields.push_back(partFor(yield, yield->getOperand(number), slot, inside));
      }
      scf::YieldOp::create(inside, branch.getLoc(), yields);
    }
    for (auto [i, place] : llvm::enumerate(results))
      parts[{branch->getResult(place.first), numberOf(place.second)}] = whole->getResult(i);
    return true;
  }

  func::FuncOp kernel;
  const Partition &partition;
  RequiredTiles required;
  llvm::DenseMap<std::pair<Value, int64_t>, Value> parts, wholes;
  std::map<std::pair<Operation *, int64_t>, int64_t> stages;
};

} // namespace

void duplicateSplats(func::FuncOp kernel) {
  SmallVector<Operation *> splats;
  kernel.walk([&](Operation *op) {
    auto constant = dyn_cast<arith::ConstantOp>(op);
    auto elements = constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : DenseElementsAttr();
    if (isa<tensor::EmptyOp>(op) || (elements && elements.isSplat()))
      splats.push_back(op);
  });
  for (Operation *op : splats) {
    SmallVector<OpOperand *> uses(llvm::make_pointer_range(op->getUses()));
    for (OpOperand *use : llvm::drop_begin(uses, uses.empty() ? 0 : 1)) {
      OpBuilder builder(use->getOwner());
      use->set(builder.clone(*op)->getResult(0));
    }
  }
}

LogicalResult tileKernel(func::FuncOp kernel, const Target &target, ArrayRef<Tiling> tilings) {
  DimensionClasses classes(kernel);
  Partition partition = partitionOf(kernel, classes, tilings);
  bool isDone = partition.isTrivial() || Tiler(kernel, partition, target.engines).run();
  return success(isDone && !wasStopped());
}

} // namespace rblnc::plan
