// Element types of tensors in files and arguments.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rblnc {

/// The first eight are those that a kernel's argument can have, numbered as in the bundle's schema. The others exist so
/// that a file which holds them can be named in a message, or be what a result is compared with.
enum class DType : uint8_t { i1 = 0, i8, i16, i32, i64, f16, bf16, f32, f64, u8, u16, u32, u64 };

/// Bytes of one element. An i1 takes one byte, which is 0 or 1.
size_t sizeOf(DType dtype);
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
