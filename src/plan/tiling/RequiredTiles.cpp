#include "RequiredTiles.h"

#include "rblnc/rbln/Dialect.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace rblnc::plan {

RequiredTiles::RequiredTiles(func::FuncOp kernel, const Partition &partition, int64_t engines)
    : partition(partition), slots(static_cast<unsigned>(partition.countSlots(engines))), none(slots) {
  visit(kernel.getBody().front());
}

const llvm::BitVector &RequiredTiles::of(Operation *op) const {
  auto found = demands.find(op);
  return found == demands.end() ? none : found->second;
}

const llvm::BitVector &RequiredTiles::ofResult(Value result) const {
  auto found = ofResults.find(result);
  return found == ofResults.end() ? none : found->second;
}

void RequiredTiles::require(Value value, Slot holder) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return;
  auto set = [&](llvm::BitVector &bits, Slot slot) {
    bits.resize(slots);
    bits.set(static_cast<unsigned>(partition.numberOf(slot)));
  };
  if (isa<scf::IfOp>(op))
    return set(ofResults[value], holder);
  for (Slot maker : partition.makersOf(value, holder))
    set(demands[op], maker);
}

void RequiredTiles::requireFor(Operation *op, Value value, Slot slot) {
  if (isa<rbln::IndexType>(value.getType()))
    return require(value, processor);
  for (Slot holder : partition.holdersFor(op, value, slot))
    require(value, holder);
}

/// Backwards, so that every user of a value comes before it.
void RequiredTiles::visit(Block &block) {
  for (Operation &op : llvm::reverse(block.without_terminator())) {
    if (auto branch = dyn_cast<scf::IfOp>(op)) {
      for (Region *region : {&branch.getThenRegion(), &branch.getElseRegion()}) {
        if (region->empty())
          continue;
        Operation *yield = region->front().getTerminator();
        for (auto [result, yielded] : llvm::zip(branch->getResults(), yield->getOperands()))
          for (unsigned number : ofResult(result).set_bits())
            requireFor(yield, yielded, partition.slot(number));
        visit(region->front());
      }
      require(branch.getCondition(), processor);
      continue;
    }
    if (isa<rbln::StoreOp>(op)) {
      llvm::BitVector &need = demands[&op];
      need.resize(slots);
      for (unsigned number = 0; number < slots; ++number)
        if (partition.stores(&op, partition.slot(number)))
          need.set(number);
    } else if (isa<rbln::ToIndexOp, tensor::ExtractOp>(op)) {
      llvm::BitVector &need = demands[&op];
      need.resize(slots);
      need.set(static_cast<unsigned>(partition.numberOf(processor)));
    }
    const llvm::BitVector here = of(&op); // the map may move
    for (unsigned number : here.set_bits())
      for (Value operand : op.getOperands())
        requireFor(&op, operand, partition.slot(number));
  }
}

} // namespace rblnc::plan
