// Diagnostics as llvm::Error values.
#include "rblnc/support/Error.h"

#include "llvm/Support/raw_ostream.h"

namespace rblnc {

char DiagnosticError::ID = 0;

void DiagnosticError::log(llvm::raw_ostream &os) const { os << formatText(diagnostic); }

llvm::Error makeError(Code code, std::string message, std::string fix) {
  return llvm::make_error<DiagnosticError>(
      Diagnostic{code, Severity::Error, std::move(message), {}, std::move(fix), {}});
}

Diagnostic toDiagnostic(llvm::Error error, Code otherwise) {
  Diagnostic result{otherwise, Severity::Error, {}, {}, {}, {}};
  llvm::handleAllErrors(
      std::move(error), [&](const DiagnosticError &e) { result = e.get(); },
      [&](const llvm::ErrorInfoBase &e) { result.message = e.message(); });
  return result;
}

} // namespace rblnc
