// Integers of the IR have no sign: the bits of an unsigned array are those of the signed type of its width.
#pragma once

#include "rblnc/support/DType.h"

namespace rblnc::cli {

/// u8 to i8, u16 to i16, …; others stay what they are.
constexpr DType signlessOf(DType dtype) {
  switch (dtype) {
  case DType::u8:
    return DType::i8;
  case DType::u16:
    return DType::i16;
  case DType::u32:
    return DType::i32;
  case DType::u64:
    return DType::i64;
  default:
    return dtype;
  }
}

/// i8 to u8, i16 to u16, …; others stay what they are.
constexpr DType unsignedOf(DType dtype) {
  switch (dtype) {
  case DType::i8:
    return DType::u8;
  case DType::i16:
    return DType::u16;
  case DType::i32:
    return DType::u32;
  case DType::i64:
    return DType::u64;
  default:
    return dtype;
  }
}

} // namespace rblnc::cli
