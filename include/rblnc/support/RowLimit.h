// How long the rows of a vector program with reductions may be.
#pragma once

#include <cstdint>

namespace rblnc {

/// Bytes of host memory that the values of one row may take: what a bundle is refused for beyond, and what advice about
/// the size of blocks keeps to.
inline constexpr int64_t maxRowBytes = int64_t{1} << 30;
/// Bytes that each element of each value counts with, whatever its type.
inline constexpr int64_t rowElementBytes = 8;

} // namespace rblnc
