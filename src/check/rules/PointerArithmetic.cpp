// RBLN-W018: memory reached without a block pointer.
#include "Access.h"
#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {

void pointerArithmetic(mlir::Operation *op, Context &context) {
  Access access = accessOf(op, context.facts);
  if (access.isBlock())
    return;
  bool isNumber = access.form == PointerForm::Number;
  context.report(op, {access.verb() + " " + typeText(access.type) +
                          (isNumber ? " through a plain pointer" : " through pointer arithmetic") +
                          (access.mask && !isNumber ? " and a mask" : "") +
                          "; the vendor's compiler takes tl.make_block_ptr only",
                      "make a block pointer of " + access.arrayText() + " with tl.make_block_ptr" +
                          (isNumber ? ", block_shape=(1,)" : ""),
                      access.subject(),
                      {}});
}

} // namespace rblnc::rules
