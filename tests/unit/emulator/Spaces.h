// Index spaces of vector programs, and what their arrays look like.
#pragma once

#include "emulator/Elements.h"

#include <functional>

namespace rblnc::test {

/// Byte strides of a dense array.
inline Strides dense(const std::vector<int64_t> &shape, int64_t bytes) {
  Strides strides(shape.size());
  for (size_t d = shape.size(); d-- > 0; bytes *= shape[d])
    strides[d] = bytes;
  return strides;
}

inline int64_t countOf(const std::vector<int64_t> &shape) {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  return count;
}

/// Calls f(index) for every element, in row-major order.
inline void forEach(const std::vector<int64_t> &shape, const std::function<void(const std::vector<int64_t> &)> &f) {
  std::vector<int64_t> index(shape.size(), 0);
  for (int64_t i = 0, n = countOf(shape); i < n; ++i) {
    f(index);
    for (size_t d = shape.size(); d-- > 0;) {
      if (++index[d] < shape[d])
        break;
      index[d] = 0;
    }
  }
}

inline int64_t offsetOf(const std::vector<int64_t> &index, const Strides &strides) {
  int64_t offset = 0;
  for (size_t d = 0; d < index.size(); ++d)
    offset += index[d] * strides[d];
  return offset;
}

inline std::vector<float> numbers(int64_t count, uint32_t seed) {
  std::mt19937 generator(seed);
  std::vector<float> values;
  for (int64_t i = 0; i < count; ++i)
    values.push_back(static_cast<float>(static_cast<int32_t>(generator())) * 0x1p-31f);
  return values;
}

struct Space {
  std::vector<int64_t> outer, inner;
  std::vector<int64_t> all() const {
    auto shape = outer;
    shape.insert(shape.end(), inner.begin(), inner.end());
    return shape;
  }
};

/// Spaces that reach every way of cutting into blocks.
inline const Space spaces[] = {
    {{7}, {5}},    {{3, 4}, {2, 6}}, {{1}, {1}},       {{300}, {3}},  {{2}, {1024}},   {{2}, {3000}},
    {{1}, {1025}}, {{}, {17}},       {{17}, {}},       {{130}, {64}}, {{3}, {40, 70}}, {{5, 1, 2}, {1, 33, 1}},
    {{70}, {200}}, {{4, 40}, {150}}, {{2, 3}, {4096}}, {{2000}, {1}}, {{}, {}},        {{90}, {16}}};

} // namespace rblnc::test
