// Cutting one class of dimensions or two over the engines.
#pragma once

#include "TilingProblem.h"

namespace rblnc::plan {

/// The parts of two classes over the engines that take the least time when nothing is cut into rounds; `second` may be
/// DimensionClasses::none.
Candidate spatialTiling(const TilingProblem &problem, int first, int second);

} // namespace rblnc::plan
