// Inlining of every call of a function with a body.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include "mlir/IR/BuiltinOps.h"

namespace rblnc::frontend {

/// Inlines calls between the functions of `module`, callees first, and removes the private functions that no call is
/// left of. Reports I007 and I008.
llvm::LogicalResult inlineCalls(mlir::ModuleOp module, Diagnostics &diagnostics);

} // namespace rblnc::frontend
