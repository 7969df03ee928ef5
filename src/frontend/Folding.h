// Which operations are computed while compiling.
#pragma once

#include "mlir/IR/PatternMatch.h"

namespace rblnc::frontend {

/// Whether an operation computes with floats. What it makes of constants is the device's to say: whoever compiles does
/// not know whether values will be rounded to the chip's type, and has a C library of its own.
bool computesFloats(mlir::Operation *op);

/// Folds operations, but those whose value could depend on the numerics of the run or on the compiling host: float
/// arithmetic and functions never; conversions and comparisons where every type that a chip computes in agrees.
void populateFoldPatterns(mlir::RewritePatternSet &patterns);

/// Moves constants to the beginning of their functions.
void hoistConstants(mlir::Operation *op);

} // namespace rblnc::frontend
