// Arrays of elements of any dtype, as the tests of vector programs need them.
#pragma once

#include "emulator/Run.h"

#include "rblnc/bundle/Ops.h"
#include "rblnc/support/DType.h"

#include <bit>
#include <cmath>
#include <limits>
#include <random>

namespace rblnc::test {

inline rblnc::DType plain(DType dtype) { return static_cast<rblnc::DType>(dtype); }
inline int64_t sizeOf(DType dtype) { return static_cast<int64_t>(rblnc::sizeOf(plain(dtype))); }
using bundle::isFloat;
using bundle::widthOf;

/// Elements as their bits.
struct Elements {
  DType dtype;
  std::vector<uint8_t> bytes;

  Elements(DType dtype, size_t count) : dtype(dtype), bytes(count * static_cast<size_t>(sizeOf(dtype))) {}

  size_t size() const { return bytes.size() / static_cast<size_t>(sizeOf(dtype)); }
  uint64_t bits(size_t i) const {
    uint64_t value = 0;
    std::memcpy(&value, &bytes[i * static_cast<size_t>(sizeOf(dtype))], static_cast<size_t>(sizeOf(dtype)));
    return value;
  }
  void setBits(size_t i, uint64_t value) {
    std::memcpy(&bytes[i * static_cast<size_t>(sizeOf(dtype))], &value, static_cast<size_t>(sizeOf(dtype)));
  }
  /// A float as a double.
  double number(size_t i) const {
    return rblnc::loadAsDouble(plain(dtype), &bytes[i * static_cast<size_t>(sizeOf(dtype))]);
  }
  void setNumber(size_t i, double value) {
    rblnc::storeDouble(plain(dtype), value, &bytes[i * static_cast<size_t>(sizeOf(dtype))]);
  }
  int64_t signedInt(size_t i) const {
    if (dtype == DType::i1)
      return bits(i) ? -1 : 0;
    unsigned unused = 64 - 8 * static_cast<unsigned>(sizeOf(dtype));
    return static_cast<int64_t>(bits(i) << unused) >> unused;
  }
};

/// Every kind of value that a dtype has: edges first, then random ones, many of them small.
inline Elements someValues(DType dtype, size_t count, uint32_t seed) {
  Elements result(dtype, count);
  std::mt19937_64 generator(seed);
  if (isFloat(dtype)) {
    const double edges[] = {0.0,      -0.0,      1.0,          -1.0,  0.5,    -0.5,   2.0,       3.0,
                            -3.0,     1.5,       2.5,          1e-3,  100.25, -77.75, 6.0e-8,    1e-5,
                            65504,    65519,     65520,        1e-40, -1e-40, 3.0e38, -3.0e38,   1e10,
                            HUGE_VAL, -HUGE_VAL, std::nan(""), 88.0,  -104.0, 20.0,   0.7071068, 1.4142135};
    for (size_t i = 0; i < count; ++i) {
      double value;
      if (i < std::size(edges))
        value = edges[(i + seed) % std::size(edges)];
      else if (generator() % 4 == 0) // any bits at all
        value = static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(generator())));
      else
        value = (static_cast<double>(generator() >> 11) * 0x1p-52 - 1) *
                std::exp2(static_cast<double>(generator() % 12) - 4);
      result.setNumber(i, value);
    }
    return result;
  }
  uint64_t mask = widthOf(dtype) == 64 ? ~uint64_t{0} : (uint64_t{1} << widthOf(dtype)) - 1;
  uint64_t top = uint64_t{1} << (widthOf(dtype) - 1);
  const uint64_t edges[] = {0, 1, mask, top, top - 1, 2, 3, mask - 1, 7, top + 1, 31, 32, 33, 63, 64};
  for (size_t i = 0; i < count; ++i) {
    uint64_t value = i < 225 ? edges[seed % 2 ? i % 15 : i / 15] : generator() >> (generator() % 64);
    result.setBits(i, value & mask);
  }
  return result;
}

/// How many units in the last place of f32, f16 or bf16 a result is off.
inline double ulpsOff(DType dtype, double got, double exact) {
  if (std::isnan(got) || std::isnan(exact))
    return std::isnan(got) && std::isnan(exact) ? 0 : HUGE_VAL;
  int digits = dtype == DType::f32 ? 24 : dtype == DType::f16 ? 11 : 8;
  int least = dtype == DType::f16 ? -13 : -125;
  double greatest = dtype == DType::f16 ? 65504 : dtype == DType::f32 ? 0x1.fffffep127 : 0x1.fep127;
  double unit =
      std::ldexp(1.0, std::max(std::isfinite(exact) && exact != 0 ? std::ilogb(exact) + 1 : least, least) - digits);
  if (std::isinf(got)) {
    // Rounding away from the greatest value is right from half a unit beyond it.
    double top = std::ldexp(1.0, (dtype == DType::f16 ? 16 : 128) - digits - 1);
    return std::signbit(got) == std::signbit(exact) && std::abs(exact) >= greatest + top * 0.999 ? 0 : HUGE_VAL;
  }
  if (std::isinf(exact))
    return HUGE_VAL;
  return std::abs(got - exact) / unit;
}

} // namespace rblnc::test
