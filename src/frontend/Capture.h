// MLIR's diagnostics as ours.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include "mlir/IR/Diagnostics.h"

namespace rblnc::frontend {

/// While it lives, errors of the context go to a list instead of the terminal. Everything else is dropped.
class Capture {
public:
  /// `name` replaces `identifier`, the parser's name for the file, in places.
  Capture(mlir::MLIRContext &context, llvm::StringRef identifier, llvm::StringRef name);

  std::vector<Diagnostic> take(Code code);

private:
  std::vector<SourceFrame> placeOf(mlir::Location location) const;

  std::string identifier, name;
  std::vector<Diagnostic> errors;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace rblnc::frontend
