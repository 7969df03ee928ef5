// Masks that are computed with as numbers.
#pragma once

namespace mlir {
class RewritePatternSet;
} // namespace mlir

namespace rblnc::frontend {

/// Patterns that make one bit of what is computed as a number of 0 or 1: `(r < N) * (c < M)` and the like become
/// arith.andi of the comparisons, which every later room knows as a mask.
void addBooleanPatterns(mlir::RewritePatternSet &patterns);

} // namespace rblnc::frontend
