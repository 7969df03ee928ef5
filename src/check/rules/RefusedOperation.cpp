// RBLN-W003, W005, W007, W021, W022, W023, W025, W026, W027: single operations that the vendor's compiler refuses.
#include "mlir/IR/BuiltinTypes.h"

#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {
namespace {

/// The edit to make; empty where no formula of the operations that the vendor's compiler takes has the same values for
/// all numbers, infinities and NaN among them.
std::string_view insteadOf(Code code, mlir::Operation *op) {
  switch (code) {
  case Code::W021:
    return op->getNumOperands() == 2 ? "write x / y" : "write tl.sqrt(x)";
  case Code::W022:
    return "write tl.minimum(tl.maximum(x, low), high) with the bounds loaded as blocks";
  case Code::W025:
    return "leave propagate_nan out where no operand can be NaN";
  case Code::W026:
    return "compute with the values: tl.abs, comparisons, arithmetic";
  case Code::W027:
    return "compute it on the host and load the result";
  default:
    return "";
  }
}

} // namespace

void refusedOperation(mlir::Operation *op, Context &context) {
  mlir::Type type = op->getResult(0).getType();
  // Numbers and pointers are indices and addresses; the refusals are about blocks of data.
  auto block = mlir::dyn_cast<mlir::RankedTensorType>(type);
  if (!block || !block.getElementType().isIntOrFloat())
    return;
  std::string name = pythonName(op);
  std::string_view fix = insteadOf(context.code(), op);
  context.report(op, {name + " on " + typeText(type) + " is refused by the vendor's compiler" +
                          (fix.empty() ? ", and nothing that it takes has the same values; rblnc computes it" : ""),
                      std::string(fix),
                      name,
                      {}});
}

} // namespace rblnc::rules
