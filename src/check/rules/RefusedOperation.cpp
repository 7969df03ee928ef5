// RBLN-W003, W005, W007, W021, W022, W023, W025, W026, W027: single operations that the vendor's compiler refuses.
#include "mlir/IR/BuiltinTypes.h"

#include "../Describe.h"
#include "../Rule.h"

namespace rblnc::rules {
namespace {

std::string_view insteadOf(Code code, mlir::Operation *op) {
  switch (code) {
  case Code::W003:
    return "write a * k + b * (1.0 - k) with a loaded float32 mask k of zeros and ones";
  case Code::W005:
    return "write an approximation with tl.exp, such as v * e / (e + 1.0) with e = tl.exp(1.702 * v) for GELU";
  case Code::W007:
    return "write tl.exp(x * 0.6931471805599453)";
  case Code::W021:
    return op->getNumOperands() == 2 ? "write x / y" : "write tl.sqrt(x)";
  case Code::W022:
    return "write tl.minimum(tl.maximum(x, low), high) with the bounds loaded as blocks";
  case Code::W023:
    return "write x * y + z";
  case Code::W025:
    return "leave propagate_nan out";
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
  context.report(op, {name + " on " + typeText(type) + " is refused by the vendor's compiler",
                      std::string(insteadOf(context.code(), op)),
                      name,
                      {}});
}

} // namespace rblnc::rules
