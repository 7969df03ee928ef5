// RBLN-W001: blocks in memory that are not float32.
#include "Access.h"

#include "Describe.h"
#include "Rule.h"
#include "rblnc/ir/Elements.h"

namespace rblnc::rules {

void dataType(mlir::Operation *op, Context &context) {
  Access access = accessOf(op, context.facts);
  mlir::Type element = access.elementType();
  // C005 speaks of types that nobody takes.
  if (!isElement(element))
    return;
  // One loaded integer is an index (W002), not data.
  bool isIndex = !access.isStore && access.isOneElement() && mlir::isa<mlir::IntegerType>(element);
  if (element.isF32() || isIndex)
    return;
  Finding finding;
  finding.subject = access.subject();
  finding.message = access.verb() + " " + typeText(access.type) + "; the vendor's compiler takes float32 only";
  finding.fix = access.isStore
                    ? "store float32 and convert " + access.arrayText() + " after the call"
                    : "convert " + access.arrayText() + " before the call, to(torch.float32), and the result back";
  context.report(op, std::move(finding));
}

} // namespace rblnc::rules
