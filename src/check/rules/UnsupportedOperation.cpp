// RBLN-C003: operations that have no lowering, by name.
#include "rblnc/check/Operations.h"

#include "../Rule.h"

namespace rblnc::rules {

void unsupportedOperation(mlir::Operation *op, Context &context) {
  llvm::StringRef name = op->getName().getStringRef();
  const OperationInfo *info = findOperation(std::string_view(name.data(), name.size()));
  if (info && info->isSupported())
    return;
  Finding finding;
  finding.subject = name.str();
  if (info) {
    finding.message = std::string(info->python) + " is not supported (" + name.str() + ")";
    finding.fix = "write " + std::string(info->instead);
  } else {
    finding.message = "the operation " + name.str() + " is not supported";
    finding.fix = "use the operations of triton.language that 'rblnc explain C003' speaks of";
  }
  context.report(op, std::move(finding));
}

} // namespace rblnc::rules
