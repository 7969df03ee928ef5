// RBLN-W002: indices that are not int32 (or int16).
#include "../Access.h"
#include "../Describe.h"
#include "../Rule.h"

namespace rblnc::rules {

void indexType(mlir::Operation *op, Context &context) {
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
