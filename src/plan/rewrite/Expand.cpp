// The walk that expands specialised operations.
#include "Expand.h"

#include "rblnc/triton/Location.h"

#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace rblnc::plan {

Value integerOf(Value index) { return index.getDefiningOp<rbln::ToIndexOp>().getValue(); }

static const ExpandTable &expandTable() {
  static const ExpandTable table = [] {
    ExpandTable table;
    addSoftmaxExpansions(table);
    addFlashExpansions(table);
    addPartitionSkipExpansion(table);
    return table;
  }();
  return table;
}

FailureOr<int64_t> expandSpecialised(func::FuncOp kernel, Diagnostics &diagnostics) {
  SmallVector<Operation *> found;
  LogicalResult result = success();
  kernel.walk([&](Operation *op) {
    if (isa_and_nonnull<rbln::RBLNDialect>(op->getDialect()))
      for (Value operand : op->getOperands())
        if (isa<rbln::IndexType>(operand.getType()) && !operand.getDefiningOp<rbln::ToIndexOp>()) {
          diagnostics.report(Code::P002, "a dynamic index is not made by rbln.to_index", framesOf(op->getLoc()));
          result = failure();
        }
    if (expandTable().contains(op->getName().getStringRef()))
      found.push_back(op);
  });
  if (failed(result))
    return failure();
  for (Operation *op : found) {
    OpBuilder builder(op);
    op->replaceAllUsesWith(expandTable().lookup(op->getName().getStringRef())(builder, op));
    op->erase();
  }
  return static_cast<int64_t>(found.size());
}

} // namespace rblnc::plan
