// Element types of tensors in files and arguments.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rblnc {

enum class DType : uint8_t {
#define RBLNC_DTYPE(name, numpy, bits) name,
#include "rblnc/support/DType.def"
};

/// Bits of one element's value: 1 of an i1.
constexpr unsigned bitsOf(DType dtype) {
  constexpr uint8_t rows[] = {
#define RBLNC_DTYPE(name, numpy, bits) bits,
#include "rblnc/support/DType.def"
  };
  return rows[static_cast<size_t>(dtype)];
}
/// Bytes of one element. An i1 takes one byte, which is 0 or 1.
constexpr size_t sizeOf(DType dtype) { return (bitsOf(dtype) + 7) / 8; }
/// "f32".
std::string_view nameOf(DType dtype);
/// The reverse of nameOf; also knows NumPy's names such as "float32" and "bool".
std::optional<DType> dtypeFromName(std::string_view name);
/// f16, bf16, f32 or f64.
bool isFloat(DType dtype);

/// IEEE binary16 and bfloat16, rounded to nearest even; the same on every host.
uint16_t f16FromFloat(float value);
float floatFromF16(uint16_t bits);
uint16_t bf16FromFloat(float value);
float floatFromBf16(uint16_t bits);

/// The element at `data` as a double (exact but for 64-bit integers beyond 2^53).
double loadAsDouble(DType dtype, const void *data);
/// Stores a double, rounded to the dtype. Integers are truncated towards zero and must be in range.
void storeDouble(DType dtype, double value, void *data);

/// The least and greatest value of an integer dtype that an int64_t can hold.
int64_t minOf(DType dtype);
int64_t maxOf(DType dtype);

} // namespace rblnc
