// RBLN-C003: calls that inlining left over.
#include "rblnc/check/Specialised.h"

#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {

void unknownCall(mlir::Operation *op, Context &context) {
  auto call = mlir::cast<tt::CallOp>(op);
  llvm::StringRef callee = call.getCallee();
  Finding finding;
  finding.subject = callee.str();
  if (auto function = mlir::SymbolTable::lookupNearestSymbolFrom<tt::FuncOp>(op, call.getCalleeAttr());
      function && !function.isExternal()) {
    finding.message = "the call of '" + callee.str() + "' cannot be inlined";
    finding.fix = "remove recursion, and return once, at the end of the helper";
  } else if (llvm::StringRef name = specialisedName(call); name.empty()) {
    finding.message = "the called function '" + callee.str() + "' has no body";
    finding.fix = "define it in the module; only RBLN's own operations (rblib) may be calls without a body";
  } else if (!findSpecialised(name)) {
    finding.message = "rblib." + name.str() + " is not one of RBLN's specialised operations";
    const SpecialisedOp *near = nearestSpecialised(name);
    finding.fix = near ? "did you mean rblib." + std::string(near->name) + "?" : "use one of the operations of rblib";
  } else {
    return;
  }
  context.report(op, std::move(finding));
}

} // namespace rblnc::rules
