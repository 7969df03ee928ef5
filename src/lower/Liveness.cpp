// One walk backwards over the body.
#include "Liveness.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

/// Operations without meaning where one program runs in order: hints to the optimiser and barriers between threads; and
/// assertions that hold.
bool isDroppable(Operation *op) {
  if (auto assertion = dyn_cast<tt::AssertOp>(op)) {
    auto constant = assertion.getCondition().getDefiningOp<arith::ConstantOp>();
    auto dense = constant ? dyn_cast<DenseIntElementsAttr>(constant.getValue()) : DenseIntElementsAttr();
    if (dense && dense.isSplat())
      return !dense.getSplatValue<APInt>().isZero();
    auto number = constant ? dyn_cast<IntegerAttr>(constant.getValue()) : IntegerAttr();
    return number && !number.getValue().isZero();
  }
  return llvm::StringSwitch<bool>(op->getName().getStringRef())
      .Cases({"llvm.intr.assume", "gpu.barrier", "ttg.barrier"}, true)
      .Default(false);
}

bool isRoot(Operation *op) {
  if (isa<tt::LoadOp>(op) || isDroppable(op))
    return false;
  return op->hasTrait<OpTrait::IsTerminator>() || !isMemoryEffectFree(op);
}

} // namespace

LiveOperations findLive(Block &body, const AddressAnalysis &analysis, llvm::function_ref<std::string(Value)> nameOf) {
  LiveOperations live;
  llvm::DenseSet<Value> used;
  for (Operation &op : llvm::reverse(body)) {
    if (!isRoot(&op) && none_of(op.getResults(), [&](Value result) { return used.contains(result); }))
      continue;
    live.operations.insert(&op);
    if (!isa<tt::LoadOp, tt::StoreOp>(op)) {
      // Regions may use values from outside. Nothing computes with a pointer.
      op.walk([&](Operation *nested) {
        for (Value operand : nested->getOperands())
          if (!isa<tt::PointerType>(getElementTypeOrSelf(operand.getType())))
            used.insert(operand);
      });
      continue;
    }
    if (auto store = dyn_cast<tt::StoreOp>(op))
      used.insert(store.getValue());
    AccessResult result = accessOf(&op, analysis, nameOf);
    if (!result.access) {
      live.errors.push_back(std::move(*result.error));
      continue;
    }
    SmallVector<Value> values;
    result.access->collectDynamicValues(values);
    used.insert(values.begin(), values.end());
    if (result.access->selectOther) {
      used.insert(cast<tt::LoadOp>(op).getMask());
      used.insert(cast<tt::LoadOp>(op).getOther());
    }
    live.accesses.push_back(std::move(*result.access));
  }
  std::reverse(live.accesses.begin(), live.accesses.end());
  std::reverse(live.errors.begin(), live.errors.end());
  return live;
}

} // namespace rblnc::lower
