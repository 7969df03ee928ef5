// Cutting one class of dimensions or two over the engines.
#pragma once

#include "OpenWork.h"

namespace rblnc::plan {

/// The parts of two classes over the engines that take the least time when nothing is cut into rounds; `second` may be
/// DimensionClasses::none.
Candidate overEngines(const OpenWork &work, int first, int second);

} // namespace rblnc::plan
