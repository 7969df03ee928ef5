// RBLN-W002: indices that are not int32 (or int16).
#include "rblnc/check/Specialised.h"

#include "Access.h"
#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {

static void dynamicIndexType(tt::CallOp call, Context &context) {
  if (specialisedName(call) != "to_dynamic_index" || call.getNumOperands() != 1)
    return;
  auto pointer = mlir::dyn_cast<tt::PointerType>(call.getOperand(0).getType());
  if (pointer && mlir::getElementTypeOrSelf(pointer.getPointeeType()).isInteger(64))
    context.report(call, {"rblib.to_dynamic_index reads an int64; the vendor's compiler takes int32",
                          "convert the index tensor before the call, to(torch.int32)",
                          "rblib.to_dynamic_index",
                          {}});
}

void indexType(mlir::Operation *op, Context &context) {
  if (auto call = mlir::dyn_cast<tt::CallOp>(op))
    return dynamicIndexType(call, context);
  Access access = accessOf(op, context.facts);
  auto integer = mlir::dyn_cast<mlir::IntegerType>(access.elementType());
  if (!integer || !access.isOneElement() || integer.getWidth() == 32 || integer.getWidth() == 16)
    return;
  context.report(op, {"tl.load reads one " + elementName(integer) + " as an index; the vendor's compiler takes int32",
                      "convert " + access.arrayText() + " before the call, to(torch.int32)",
                      access.subject(),
                      {}});
}

} // namespace rblnc::rules
