// RBLN-W017: blocks that may stick out of their array.
#include "Access.h"
#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {

void boundaryCheck(mlir::Operation *op, Context &context) {
  Access access = accessOf(op, context.facts);
  // Triton's passes write a boundary check as a mask.
  bool isRewritten = access.form == PointerForm::RewrittenBlock && access.mask;
  if (access.boundaryCheck.empty() && !isRewritten)
    return;
  llvm::SmallVector<int64_t> axes(access.boundaryCheck);
  context.report(op, {access.verb() + " " + typeText(access.type) + " with boundary_check" +
                          (axes.empty() ? "" : "=" + shapeText(axes)) +
                          "; no kernel that the vendor's compiler takes uses it",
                      "pad " + access.arrayText() + " to whole blocks before the call and leave boundary_check out",
                      access.subject(),
                      {}});
}

} // namespace rblnc::rules
