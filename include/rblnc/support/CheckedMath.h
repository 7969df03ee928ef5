// Sizes are multiplied and added with checks: nothing that comes from a file may overflow.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace rblnc {

inline std::optional<uint64_t> checkedAdd(uint64_t a, uint64_t b) {
  uint64_t result;
  if (__builtin_add_overflow(a, b, &result))
    return std::nullopt;
  return result;
}

inline std::optional<uint64_t> checkedMultiply(uint64_t a, uint64_t b) {
  uint64_t result;
  if (__builtin_mul_overflow(a, b, &result))
    return std::nullopt;
  return result;
}

/// How many elements a shape has; nothing when an extent is negative or the product does not fit an int64_t.
inline std::optional<int64_t> elementCount(std::span<const int64_t> shape) {
  bool isEmpty = false;
  int64_t count = 1;
  for (int64_t extent : shape) {
    if (extent < 0)
      return std::nullopt;
    if (extent == 0)
      isEmpty = true;
    else if (__builtin_mul_overflow(count, extent, &count))
      return std::nullopt;
  }
  return isEmpty ? 0 : count;
}

} // namespace rblnc
