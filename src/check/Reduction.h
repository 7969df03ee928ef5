// Which of Triton's reductions a tt.reduce is, by its combiner.
#pragma once

#include "rblnc/triton/Dialect.h"

#include <string>

namespace rblnc::rules {

enum class Reduction : uint8_t { Sum, Max, Min, ArgMax, ArgMin, XorSum, Other };

Reduction reductionOf(tt::ReduceOp reduce);

/// "tl.sum".
std::string reductionName(Reduction reduction);

} // namespace rblnc::rules
