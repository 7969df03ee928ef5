// Cutting one class of dimensions or two over the engines.
#pragma once

#include "TilingProblem.h"

namespace rblnc::plan {

/// The parts of two classes over the engines with which the operations that have a class of `scope` take the least time
/// when nothing is cut into rounds; `second` may be DimensionClasses::none.
Candidate spatialTiling(const TilingProblem &problem, int first, int second, llvm::ArrayRef<int> scope);

} // namespace rblnc::plan
