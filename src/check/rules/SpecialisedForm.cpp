// RBLN-C010: calls of rblib operations in a form that they do not have.
#include "rblnc/check/Specialised.h"

#include "Rule.h"

namespace rblnc::rules {

void specialisedForm(mlir::Operation *op, Context &context) {
  auto call = mlir::cast<tt::CallOp>(op);
  const SpecialisedOp *known = findSpecialised(specialisedName(call));
  if (!known)
    return; // C003 speaks of it.
  if (std::optional<FormError> error = checkSpecialisedForm(call, *known))
    context.report(op, {std::move(error->message), std::move(error->fix), call.getCallee().str(), {}});
}

} // namespace rblnc::rules
