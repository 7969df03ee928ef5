// RBLN-W019: results that depend on no input.
#include "Access.h"
#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {

void storedConstant(mlir::Operation *op, Context &context) {
  Access access = accessOf(op, context.facts);
  if (context.facts.has(access.stored, Fact::Input))
    return;
  context.report(op, {"tl.store writes " + typeText(access.type) +
                          " that depends on no loaded data; the vendor's compiler refuses that",
                      "fill " + access.arrayText() + " on the host",
                      access.subject(),
                      {}});
}

} // namespace rblnc::rules
