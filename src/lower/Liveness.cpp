// One walk backwards over the body.
#include "Liveness.h"

#include "MemoryOp.h"

#include "rblnc/check/Specialised.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

/// Operations without meaning where one program runs in order: hints to the optimiser, barriers between threads, and
/// waiting for other launches; and assertions that hold.
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
      .Cases({"llvm.intr.assume", "gpu.barrier", "ttg.barrier", "tt.grid_dependency_wait",
              "tt.grid_dependency_launch_dependents"},
             true)
      .Default(false);
}

/// An rblib operation that has no effect when nobody uses its results.
bool isPureCall(Operation *op) {
  auto call = dyn_cast<tt::CallOp>(op);
  llvm::StringRef name = call ? specialisedName(call) : llvm::StringRef();
  return !name.empty() && name != "dynamic_store";
}

bool isRoot(Operation *op) {
  if (isa<tt::LoadOp>(op) || isDroppable(op) || isPureCall(op))
    return false;
  return op->hasTrait<OpTrait::IsTerminator>() || !isMemoryEffectFree(op);
}

/// One walk backwards.
class Walk {
public:
  Walk(const AddressAnalysis &analysis, llvm::function_ref<std::string(Value)> nameOf, LiveOperations &live)
      : analysis(analysis), nameOf(nameOf), live(live) {}

  void visit(Block &block) {
    for (Operation &op : llvm::reverse(block))
      visit(op);
  }

private:
  void visit(Operation &op) {
    if (auto branch = dyn_cast<scf::IfOp>(op))
      return visitBranch(branch);
    if (!isRoot(&op) && none_of(op.getResults(), [&](Value result) { return used.contains(result); }))
      return;
    live.operations.insert(&op);
    std::optional<MemoryOp> memory = memoryOpOf(&op);
    if (!memory) {
      // Regions may use values from outside. Nothing computes with a pointer.
      op.walk([&](Operation *nested) {
        for (Value operand : nested->getOperands())
          if (!isa<tt::PointerType>(getElementTypeOrSelf(operand.getType())))
            used.insert(operand);
      });
      return;
    }
    if (memory->isStore)
      used.insert(memory->value);
    AccessResult result = accessOf(&op, analysis, nameOf);
    if (!result.access) {
      live.errors.push_back(std::move(*result.error));
      return;
    }
    SmallVector<Value> values;
    result.access->collectDynamicValues(values);
    used.insert(values.begin(), values.end());
    if (result.access->selectOther) {
      used.insert(memory->mask);
      used.insert(memory->other);
    }
    live.accesses.push_back(std::move(*result.access));
  }

  /// What a branch computes is live when one of its results is, or when it stores something.
  void visitBranch(scf::IfOp branch) {
    bool isUsed = any_of(branch->getResults(), [&](Value result) { return used.contains(result); });
    bool stores = false;
    branch->walk(
        [&](Operation *op) { stores |= !isa<scf::IfOp>(op) && !op->hasTrait<OpTrait::IsTerminator>() && isRoot(op); });
    if (!isUsed && !stores)
      return;
    live.operations.insert(branch);
    for (Region *region : {&branch.getElseRegion(), &branch.getThenRegion()})
      for (Block &block : *region)
        visit(block);
    used.insert(branch.getCondition());
  }

  const AddressAnalysis &analysis;
  llvm::function_ref<std::string(Value)> nameOf;
  LiveOperations &live;
  llvm::DenseSet<Value> used;
};

} // namespace

LiveOperations findLive(Block &body, const AddressAnalysis &analysis, llvm::function_ref<std::string(Value)> nameOf) {
  LiveOperations live;
  Walk(analysis, nameOf, live).visit(body);
  std::reverse(live.accesses.begin(), live.accesses.end());
  std::reverse(live.errors.begin(), live.errors.end());
  return live;
}

} // namespace rblnc::lower
