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

TEST_CASE("every bf16 survives the way through float") {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    float value = floatFromBf16(static_cast<uint16_t>(bits));
    uint16_t back = bf16FromFloat(value);
    if (back != (std::isnan(value) ? bits | 0x40 : bits))
      FAIL("bf16 " << bits << " came back as " << back);
  }
}

TEST_CASE("NaN stays NaN of its sign, quiet, with the top of its payload") {
  for (uint32_t payload = 1; payload < 0x800000; payload += 0x1fff)
    for (uint32_t sign : {0u, 0x80000000u}) {
      auto value = std::bit_cast<float>(sign | 0x7f800000 | payload);
      CHECK(f16FromFloat(value) == ((sign >> 16) | 0x7e00 | (payload >> 13)));
      CHECK(bf16FromFloat(value) == ((sign >> 16) | 0x7fc0 | (payload >> 16)));
    }
}

namespace {

/// Checks the rounding around every midpoint of the finite numbers of a 16-bit type, of both signs.
template <typename Narrow> void checkMidpoints(Narrow narrow, float (*widen)(uint16_t), uint16_t infinity) {
  for (uint16_t bits = 0; bits < infinity; ++bits)
    for (double sign : {1.0, -1.0}) {
      auto signBit = static_cast<uint16_t>(sign < 0 ? 0x8000 : 0);
      // What comes after the greatest number rounds as if its successor were one, and is infinity.
      double low = widen(bits), step = bits == 0 ? widen(1) : low - widen(static_cast<uint16_t>(bits - 1));
      double high = bits + 1 == infinity ? low + step : widen(static_cast<uint16_t>(bits + 1));
      double middle = (low + high) / 2;
      auto even = static_cast<uint16_t>(bits + (bits & 1)), next = static_cast<uint16_t>(bits + 1);
      if (narrow(sign * middle) != (even | signBit))
        FAIL("the midpoint above " << bits << " became " << narrow(sign * middle));
      // The next doubles and the next floats beside it.
      for (bool isFloat : {false, true}) {
        double below = isFloat ? std::nextafter(static_cast<float>(middle), 0.0f) : std::nextafter(middle, 0.0);
        double above = isFloat ? std::nextafter(static_cast<float>(middle), std::numeric_limits<float>::infinity())
                               : std::nextafter(middle, std::numeric_limits<double>::infinity());
        if (narrow(sign * below) != (bits | signBit))
          FAIL("below the midpoint above " << bits << " became " << narrow(sign * below));
        if (narrow(sign * above) != (next | signBit))
          FAIL("above the midpoint above " << bits << " became " << narrow(sign * above));
      }
    }
}

uint16_t narrowed(DType dtype, double value) {
  uint16_t bits;
  storeDouble(dtype, value, &bits);
  return bits;
}

} // namespace

TEST_CASE("a double is rounded once: every midpoint and its neighbours") {
  checkMidpoints([](double value) { return narrowed(DType::f16, value); }, floatFromF16, 0x7c00);
  checkMidpoints([](double value) { return narrowed(DType::bf16, value); }, floatFromBf16, 0x7f80);
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

TEST_CASE("the least and greatest number of every dtype are stored, loaded and told") {
  alignas(8) unsigned char bytes[8];
  for (auto [dtype, width, isSigned] : {std::tuple{DType::i8, 8, true},
                                        {DType::i16, 16, true},
                                        {DType::i32, 32, true},
                                        {DType::u8, 8, false},
                                        {DType::u16, 16, false},
                                        {DType::u32, 32, false},
                                        {DType::i1, 1, false}}) {
    INFO(nameOf(dtype));
    auto greatest = static_cast<int64_t>((uint64_t{1} << (isSigned ? width - 1 : width)) - 1);
    CHECK(maxOf(dtype) == greatest);
    CHECK(minOf(dtype) == (isSigned ? -greatest - 1 : 0));
    for (int64_t value : {minOf(dtype), maxOf(dtype)}) {
      storeDouble(dtype, static_cast<double>(value), bytes);
      CHECK(loadAsDouble(dtype, bytes) == static_cast<double>(value));
    }
  }
  CHECK(minOf(DType::i64) == INT64_MIN);
  CHECK(maxOf(DType::i64) == INT64_MAX);
  CHECK(maxOf(DType::u64) == INT64_MAX);
  uint64_t large = uint64_t{1} << 63;
  CHECK(loadAsDouble(DType::u64, &large) == 0x1p63);
  CHECK(loadAsDouble(DType::i64, &large) == -0x1p63);
}
