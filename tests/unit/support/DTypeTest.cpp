#include "rblnc/support/DType.h"

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace rblnc;

TEST_CASE("every f16 survives the way through float") {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    float value = floatFromF16(static_cast<uint16_t>(bits));
    uint16_t back = f16FromFloat(value);
    if (std::isnan(value))
      CHECK((back & 0x7e00) == 0x7e00); // quiet
    else if (back != bits)
      FAIL("f16 " << bits << " came back as " << back);
  }
}

TEST_CASE("floats round to the nearest f16, ties to even") {
  CHECK(f16FromFloat(1.0f) == 0x3c00);
  CHECK(f16FromFloat(1.0f + 0x1p-11f) == 0x3c00);
  CHECK(f16FromFloat(1.0f + 3 * 0x1p-11f) == 0x3c02);
  CHECK(f16FromFloat(std::nextafter(1.0f + 0x1p-11f, 2.0f)) == 0x3c01);
  CHECK(f16FromFloat(65504.0f) == 0x7bff);
  CHECK(f16FromFloat(65519.996f) == 0x7bff);
  CHECK(f16FromFloat(65520.0f) == 0x7c00);
  CHECK(f16FromFloat(-1e30f) == 0xfc00);
  CHECK(f16FromFloat(0x1p-24f) == 1);
  CHECK(f16FromFloat(0x1p-25f) == 0);
  CHECK(f16FromFloat(std::nextafter(0x1p-25f, 1.0f)) == 1);
  CHECK(f16FromFloat(0x1.ffep-15f) == 0x0400); // just below the least normal number rounds up to it
  CHECK(f16FromFloat(-0.0f) == 0x8000);
}

TEST_CASE("floats round to the nearest bf16, ties to even") {
  CHECK(bf16FromFloat(1.0f) == 0x3f80);
  CHECK(bf16FromFloat(1.0f + 0x1p-8f) == 0x3f80);
  CHECK(bf16FromFloat(1.0f + 3 * 0x1p-8f) == 0x3f82);
  CHECK(bf16FromFloat(std::numeric_limits<float>::max()) == 0x7f80);
  CHECK(std::isnan(floatFromBf16(bf16FromFloat(std::bit_cast<float>(0x7f800001u)))));
}

TEST_CASE("names go both ways") {
  for (int i = 0; i <= static_cast<int>(DType::u64); ++i) {
    auto dtype = static_cast<DType>(i);
    CHECK(dtypeFromName(nameOf(dtype)) == dtype);
  }
  CHECK(dtypeFromName("float32") == DType::f32);
  CHECK(dtypeFromName("bool") == DType::i1);
  CHECK_FALSE(dtypeFromName("f8"));
}

TEST_CASE("elements are stored and loaded in their dtype") {
  alignas(8) unsigned char bytes[8];
  for (DType dtype : {DType::i8, DType::i16, DType::i32, DType::i64, DType::f16, DType::bf16, DType::f32, DType::f64}) {
    storeDouble(dtype, -3.0, bytes);
    CHECK(loadAsDouble(dtype, bytes) == -3.0);
  }
  storeDouble(DType::i1, 5, bytes);
  CHECK(loadAsDouble(DType::i1, bytes) == 1);
}
