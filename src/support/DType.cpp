// Names, sizes and conversions of element types.
#include "rblnc/support/DType.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace rblnc {
namespace {

struct Row {
  DType dtype;
  std::string_view name;
  std::string_view numpy;
};

constexpr Row rows[] = {
#define RBLNC_DTYPE(name, numpy, bits) {DType::name, #name, numpy},
#include "rblnc/support/DType.def"
};

template <typename T> T load(const void *data) {
  T value;
  std::memcpy(&value, data, sizeof value);
  return value;
}

/// Towards zero, with the last bit set when anything was lost: a second rounding of the result, to fewer bits, is then
/// as if there had been only one.
float floatRoundedToOdd(double value) {
  auto nearest = static_cast<float>(value);
  if (static_cast<double>(nearest) == value || std::isnan(value) || std::isinf(value))
    return nearest;
  auto bits = std::bit_cast<uint32_t>(nearest);
  if (std::fabs(static_cast<double>(nearest)) > std::fabs(value))
    --bits;
  return std::bit_cast<float>(bits | 1);
}

template <typename T> void store(void *data, T value) { std::memcpy(data, &value, sizeof value); }

} // namespace

std::string_view nameOf(DType dtype) { return rows[static_cast<size_t>(dtype)].name; }

std::optional<DType> dtypeFromName(std::string_view name) {
  for (const Row &row : rows)
    if (name == row.name || name == row.numpy)
      return row.dtype;
  return std::nullopt;
}

bool isFloat(DType dtype) {
  return dtype == DType::f16 || dtype == DType::bf16 || dtype == DType::f32 || dtype == DType::f64;
}

uint16_t f16FromFloat(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value);
  auto sign = static_cast<uint16_t>((bits >> 16) & 0x8000);
  uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) // NaN: keep the top of the payload, and make it quiet
    return static_cast<uint16_t>(sign | 0x7e00 | ((magnitude >> 13) & 0x1ff));
  if (magnitude >= 0x477ff000) // 65520 and more round to infinity
    return sign | 0x7c00;
  if (magnitude >= 0x38800000) { // normal: 2^-14 and more
    uint32_t rebased = magnitude - (112u << 23);
    return static_cast<uint16_t>(sign | ((rebased + 0xfff + ((rebased >> 13) & 1)) >> 13));
  }
  // Subnormal: adding 0.5 leaves value / 2^-24 in the low mantissa bits, rounded to nearest even by the addition.
  float shifted = std::bit_cast<float>(magnitude) + 0.5f;
  return static_cast<uint16_t>(sign | (std::bit_cast<uint32_t>(shifted) - std::bit_cast<uint32_t>(0.5f)));
}

float floatFromF16(uint16_t bits) {
  uint32_t sign = static_cast<uint32_t>(bits & 0x8000) << 16;
  uint32_t exponent = (bits >> 10) & 0x1f;
  uint32_t mantissa = bits & 0x3ff;
  if (exponent == 0x1f)
    return std::bit_cast<float>(sign | 0x7f800000 | (mantissa << 13));
  if (exponent != 0)
    return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
  float magnitude = static_cast<float>(mantissa) * 0x1p-24f;
  return sign ? -magnitude : magnitude;
}

uint16_t bf16FromFloat(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7fffffff) > 0x7f800000)
    return static_cast<uint16_t>((bits >> 16) | 0x40);
  return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

float floatFromBf16(uint16_t bits) { return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }

double loadAsDouble(DType dtype, const void *data) {
  switch (dtype) {
  case DType::i1:
    return load<uint8_t>(data) != 0;
  case DType::i8:
    return load<int8_t>(data);
  case DType::i16:
    return load<int16_t>(data);
  case DType::i32:
    return load<int32_t>(data);
  case DType::i64:
    return static_cast<double>(load<int64_t>(data));
  case DType::f16:
    return floatFromF16(load<uint16_t>(data));
  case DType::bf16:
    return floatFromBf16(load<uint16_t>(data));
  case DType::f32:
    return load<float>(data);
  case DType::f64:
    return load<double>(data);
  case DType::u8:
    return load<uint8_t>(data);
  case DType::u16:
    return load<uint16_t>(data);
  case DType::u32:
    return load<uint32_t>(data);
  case DType::u64:
    return static_cast<double>(load<uint64_t>(data));
  }
  return 0;
}

void storeDouble(DType dtype, double value, void *data) {
  switch (dtype) {
  case DType::i1:
    return store<uint8_t>(data, value != 0);
  case DType::i8:
    return store(data, static_cast<int8_t>(value));
  case DType::i16:
    return store(data, static_cast<int16_t>(value));
  case DType::i32:
    return store(data, static_cast<int32_t>(value));
  case DType::i64:
    return store(data, static_cast<int64_t>(value));
  case DType::f16:
    return store(data, f16FromFloat(floatRoundedToOdd(value)));
  case DType::bf16:
    return store(data, bf16FromFloat(floatRoundedToOdd(value)));
  case DType::f32:
    return store(data, static_cast<float>(value));
  case DType::f64:
    return store(data, value);
  case DType::u8:
    return store(data, static_cast<uint8_t>(value));
  case DType::u16:
    return store(data, static_cast<uint16_t>(value));
  case DType::u32:
    return store(data, static_cast<uint32_t>(value));
  case DType::u64:
    return store(data, static_cast<uint64_t>(value));
  }
}

int64_t minOf(DType dtype) {
  switch (dtype) {
  case DType::i8:
    return std::numeric_limits<int8_t>::min();
  case DType::i16:
    return std::numeric_limits<int16_t>::min();
  case DType::i32:
    return std::numeric_limits<int32_t>::min();
  case DType::i64:
    return std::numeric_limits<int64_t>::min();
  default:
    return 0;
  }
}

int64_t maxOf(DType dtype) {
  switch (dtype) {
  case DType::i1:
    return 1;
  case DType::i8:
    return std::numeric_limits<int8_t>::max();
  case DType::u8:
    return std::numeric_limits<uint8_t>::max();
  case DType::i16:
    return std::numeric_limits<int16_t>::max();
  case DType::u16:
    return std::numeric_limits<uint16_t>::max();
  case DType::i32:
    return std::numeric_limits<int32_t>::max();
  case DType::u32:
    return std::numeric_limits<uint32_t>::max();
  default:
    return std::numeric_limits<int64_t>::max();
  }
}

} // namespace rblnc
