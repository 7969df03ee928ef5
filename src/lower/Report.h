// Coded errors at the Python line of an operation.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include "mlir/IR/Operation.h"
#include "mlir/Support/LLVM.h"

namespace rblnc::lower {

/// A diagnostic at the operation's Python line, with an optional note at another operation.
Diagnostic errorAt(Code code, mlir::Operation *op, std::string message, std::string fix = {});
void addNote(Diagnostic &diagnostic, std::string message, mlir::Operation *op);

/// Printed forms for messages.
std::string text(mlir::Type type);
std::string text(llvm::ArrayRef<int64_t> shape);

} // namespace rblnc::lower
