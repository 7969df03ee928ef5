#include "rblnc/cli/Compare.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <limits>

using namespace rblnc;
using namespace rblnc::cli;

namespace {

Tensor make(DType dtype, std::vector<double> values) {
  auto tensor = Tensor::zeros(dtype, {static_cast<int64_t>(values.size())});
  REQUIRE(static_cast<bool>(tensor));
  for (size_t i = 0; i < values.size(); ++i)
    storeDouble(dtype, values[i], tensor->at(static_cast<int64_t>(i)));
  return std::move(*tensor);
}

} // namespace

TEST_CASE("elements differ beyond absolute plus relative tolerance") {
  Tensor result = make(DType::f32, {1, 100, 3}), expected = make(DType::f64, {1.05, 109, 3});
  CHECK(compare(result, expected, {0.1, 0}).differing == 0);
  Comparison strict = compare(result, expected, {0, 0});
  CHECK(strict.differing == 2);
  CHECK(strict.worst == 1);
  CHECK(strict.largestDifference == 9);
  CHECK(compare(result, expected, {0, 1}).differing == 1);
}

TEST_CASE("NaN equals nothing, or NaN alone when that is asked for; infinity equals itself alone") {
  Tensor result = make(DType::f32, {NAN, NAN, HUGE_VAL, HUGE_VAL, 0});
  Tensor expected = make(DType::f32, {NAN, 1, HUGE_VAL, -HUGE_VAL, -0.0});
  CHECK(compare(result, expected, {1, 1}).differing == 3);
  CHECK(compare(result, expected, {1, 1, true}).differing == 2);
}

TEST_CASE("64-bit integers are compared exactly") {
  Tensor a = make(DType::i64, {0}), b = make(DType::i64, {0});
  int64_t big = (int64_t{1} << 53) + 1, less = int64_t{1} << 53;
  std::memcpy(a.at(0), &big, 8);
  std::memcpy(b.at(0), &less, 8);
  CHECK(compare(a, b, {}).differing == 1);
}

TEST_CASE("the bits of unsigned integers are compared as such") {
  Tensor result = make(DType::i8, {-56, -1}), expected = make(DType::u8, {200, 200});
  Comparison comparison = compare(result, expected, {});
  CHECK(comparison.differing == 1);
  CHECK(comparison.worst == 1);
  CHECK(comparison.largestDifferenceText == "55");
  CHECK(formatElement(result, 1, comparedAs(result.dtype, expected.dtype)) == "255");
  CHECK(formatElement(result, 1, result.dtype) == "-1");
  // Of another width they are numbers.
  CHECK(compare(make(DType::i16, {-56, -1}), expected, {}).differing == 2);
}

TEST_CASE("differences of 64-bit integers do not overflow") {
  Tensor a = make(DType::i64, {0}), b = make(DType::i64, {0});
  int64_t least = std::numeric_limits<int64_t>::min(), greatest = std::numeric_limits<int64_t>::max();
  std::memcpy(a.at(0), &least, 8);
  std::memcpy(b.at(0), &greatest, 8);
  CHECK(compare(a, b, {}).largestDifferenceText == "18446744073709551615");
  CHECK(compare(a, b, {0, 1e19}).differing == 1);
  CHECK(compare(a, b, {0, 2e19}).differing == 0);
}

TEST_CASE("indices and summaries") {
  CHECK(formatIndex(23, {2, 3, 4}) == "[1, 2, 3]");
  CHECK(formatIndex(0, {}) == "[]");
  CHECK(summarise(make(DType::f32, {1, 2, 6})) == "3xf32: min 1, max 6, mean 3");
  CHECK(summarise(make(DType::f32, {1, NAN, HUGE_VAL})) == "3xf32: min 1, max 1, mean 1, 1 NaN, 1 infinite");
  CHECK(summarise(make(DType::f32, {})) == "0xf32: no elements");
}
