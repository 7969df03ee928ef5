// RBLN-W012: a reduced value, one column wide, that goes to memory.
#include "Access.h"
#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {

void storedReduction(mlir::Operation *op, Context &context) {
  Access access = accessOf(op, context.facts);
  llvm::ArrayRef<int64_t> shape = access.shape();
  if (shape.empty() || shape.back() != 1 || !context.facts.has(access.stored, Fact::Reduced))
    return;
  context.report(op, {"tl.store writes a reduced value of " + shapeText(shape) +
                          ", whose last dimension is 1; the vendor's compiler refuses that",
                      "broadcast it against a block of full shape before the store, and take one column of " +
                          access.arrayText() + " on the host",
                      access.subject(),
                      {}});
}

} // namespace rblnc::rules
