// RBLN-W013: blocks of rank 1, and floats that are loaded or stored one at a time.
#include "Access.h"
#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {

void vectorBlock(mlir::Operation *op, Context &context) {
  Access access = accessOf(op, context.facts);
  if (!access.isBlock())
    return;
  bool isOne = access.isOneElement();
  bool isIndex = isOne && mlir::isa<mlir::IntegerType>(access.elementType());
  if (isIndex || (access.shape().size() != 1 && !isOne))
    return;
  context.report(
      op, {access.verb() + " " + typeText(access.type) + (isOne ? ", a single number" : ", a vector") +
               "; the vendor's compiler takes blocks of data of rank 2 or more",
           access.stored ? "store a block of rank 2 or more, (1, N) for one of N elements, and give " +
                               access.arrayText() + " that shape"
                         : "pass " + access.arrayText() + " expanded to the full shape of the data it is combined with",
           access.subject(),
           {}});
}

} // namespace rblnc::rules
