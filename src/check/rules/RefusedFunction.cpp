// RBLN-W030: functions of one element that are not among those that the vendor's compiler is documented to take.
#include "rblnc/check/Operations.h"
#include "rblnc/triton/Dialect.h"

#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {

void refusedFunction(mlir::Operation *op, Context &context) {
  auto block = mlir::dyn_cast<mlir::RankedTensorType>(op->getResult(0).getType());
  if (!block || !block.getElementType().isIntOrFloat())
    return;
  std::string name = pythonName(op);
  // Functions of tl have rules of their own where the vendor's compiler lacks them.
  if (name.starts_with("tl.") || name == op->getName().getStringRef())
    return;
  if (auto library = mlir::dyn_cast<tt::ExternElementwiseOp>(op)) {
    name = library.getSymbol().str();
    const LibraryFunction *function = findLibraryFunction(name);
    if (!function || !function->isSupported())
      return;
  }
  context.report(op, {name + " on " + typeText(block) + " is not among the vendor's documented operations",
                      "keep it for rblnc; for the vendor's compiler compute it on the host and load the result",
                      name,
                      {}});
}

} // namespace rblnc::rules
