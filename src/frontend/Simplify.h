// Folding, canonical forms and elimination of common subexpressions.
#pragma once

#include "mlir/IR/Operation.h"

namespace rblnc::frontend {

/// Simplifies everything inside `op`, which is isolated from above: folds, canonical forms of the operations that occur
/// in it, removal of unreachable blocks and dead operations. Loops keep their form.
void canonicalise(mlir::Operation *op);

/// Canonicalises and merges repeated operations.
void simplify(mlir::Operation *op);

} // namespace rblnc::frontend
