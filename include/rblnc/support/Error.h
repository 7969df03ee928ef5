// Errors by value: an llvm::Error that carries a diagnostic, and the way back from any llvm::Error to one.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include "llvm/Support/Error.h"

#include <string>

namespace rblnc {

/// An llvm::Error that is a diagnostic.
class DiagnosticError : public llvm::ErrorInfo<DiagnosticError> {
public:
  static char ID;

  explicit DiagnosticError(Diagnostic diagnostic) : diagnostic(std::move(diagnostic)) {}
  const Diagnostic &get() const { return diagnostic; }

  void log(llvm::raw_ostream &os) const override;
  std::error_code convertToErrorCode() const override { return llvm::inconvertibleErrorCode(); }

private:
  Diagnostic diagnostic;
};

/// An error without a place: code, sentence, and what to do instead.
llvm::Error makeError(Code code, std::string message, std::string fix = {});

/// Consumes `error`. An error that is not a DiagnosticError becomes one with the code `otherwise`.
Diagnostic toDiagnostic(llvm::Error error, Code otherwise = Code::X001);

} // namespace rblnc
