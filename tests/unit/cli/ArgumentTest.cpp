#include "rblnc/cli/Argument.h"
#include "../support/Scratch.h"
#include "rblnc/support/Error.h"
#include "rblnc/support/Npy.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace rblnc;
using namespace rblnc::cli;
using rblnc::test::Scratch;

namespace {

Parameter tensor(DType dtype, std::vector<int64_t> shape) {
  Parameter parameter;
  parameter.name = "x";
  parameter.dtype = dtype;
  parameter.hasShape = true;
  parameter.shape = std::move(shape);
  return parameter;
}

Parameter scalar(DType dtype) {
  Parameter parameter;
  parameter.name = "n";
  parameter.dtype = dtype;
  parameter.isScalar = true;
  return parameter;
}

std::vector<double> valuesOf(const std::string &spec, const Parameter &parameter) {
  INFO(spec);
  auto made = makeArgument(spec, parameter, 0);
  if (!made)
    FAIL(toDiagnostic(made.takeError()).message);
  CHECK(made->dtype == parameter.dtype);
  std::vector<double> values;
  for (int64_t i = 0; i < made->elements(); ++i)
    values.push_back(made->asDouble(i));
  return values;
}

Code codeOf(const std::string &spec, const Parameter &parameter) {
  INFO(spec);
  auto made = makeArgument(spec, parameter, 0);
  REQUIRE_FALSE(static_cast<bool>(made));
  return toDiagnostic(made.takeError()).code;
}

using Values = std::vector<double>;

} // namespace

TEST_CASE("assignments split at the first equals sign") {
  auto assignment = parseAssignment("--arg", "x=2xf32=1,2");
  REQUIRE(static_cast<bool>(assignment));
  CHECK(assignment->name == "x");
  CHECK(assignment->value == "2xf32=1,2");
  for (const char *bad : {"x", "", "=1"}) {
    auto rejected = parseAssignment("--arg", bad);
    REQUIRE_FALSE(static_cast<bool>(rejected));
    CHECK(toDiagnostic(rejected.takeError()).code == Code::R003);
  }
}

TEST_CASE("numbers for scalars") {
  CHECK(valuesOf("7", scalar(DType::i32)) == Values{7});
  CHECK(valuesOf("-0x10", scalar(DType::i8)) == Values{-16});
  CHECK(valuesOf("+5", scalar(DType::i8)) == Values{5});
  CHECK(valuesOf("1024.0", scalar(DType::i32)) == Values{1024});
  CHECK(valuesOf("true", scalar(DType::i1)) == Values{1});
  CHECK(valuesOf("-9223372036854775808", scalar(DType::i64)) == Values{-0x1p63});
  CHECK(valuesOf("0.5", scalar(DType::f16)) == Values{0.5});
  CHECK(valuesOf("-inf", scalar(DType::f32)) == Values{-HUGE_VAL});
  CHECK(std::isnan(valuesOf("nan", scalar(DType::bf16))[0]));
  CHECK(std::signbit(valuesOf("-0.0", scalar(DType::f32))[0]));
  CHECK(std::signbit(valuesOf("-0", scalar(DType::f32))[0]));
  CHECK(valuesOf("1e-400", scalar(DType::f32)) == Values{0});
}

TEST_CASE("numbers that do not fit are refused") {
  CHECK(codeOf("256", scalar(DType::i8)) == Code::R009);
  CHECK(codeOf("-129", scalar(DType::i8)) == Code::R009);
  CHECK(codeOf("2", scalar(DType::i1)) == Code::R009);
  CHECK(codeOf("18446744073709551616", scalar(DType::i64)) == Code::R009);
  CHECK(codeOf("0.5", scalar(DType::i32)) == Code::R009);
  CHECK(codeOf("inf", scalar(DType::i32)) == Code::R009);
  CHECK(codeOf("70000", scalar(DType::f16)) == Code::R009);
  CHECK(codeOf("1e400", scalar(DType::f32)) == Code::R009);
  for (const char *bad : {"", "--1", "+-1", "0x", "0xg", "1.5x", "one", "1,2", "random", "1 2", "uniform(1)"})
    CHECK(codeOf(bad, scalar(DType::f32)) == Code::R003);
  CHECK(codeOf("1.5", tensor(DType::f32, {4})) == Code::R012);
}

TEST_CASE("literals") {
  CHECK(valuesOf("4xf32=1,2,3,4", tensor(DType::f32, {4})) == Values{1, 2, 3, 4});
  CHECK(valuesOf("2x2xi64=1,-2,0x3,4", tensor(DType::i64, {2, 2})) == Values{1, -2, 3, 4});
  CHECK(valuesOf("4xf32=7", tensor(DType::f32, {4})) == Values{7, 7, 7, 7});
  CHECK(valuesOf("4x1xf32=1,2,3,4", tensor(DType::f32, {1, 4})) == Values{1, 2, 3, 4});
  CHECK(valuesOf("i32=5", scalar(DType::i32)) == Values{5});
  CHECK(codeOf("4xf32=1,2,3", tensor(DType::f32, {4})) == Code::R003);
  CHECK(codeOf("4xf32=1,2,3,4,5", tensor(DType::f32, {4})) == Code::R003);
  CHECK(codeOf("4xf32=", tensor(DType::f32, {4})) == Code::R003);
  CHECK(codeOf("4xf32=1,,3,4", tensor(DType::f32, {4})) == Code::R003);
  CHECK(codeOf("4xi32=1", tensor(DType::f32, {4})) == Code::R007);
  CHECK(codeOf("4xf99=1", tensor(DType::f32, {4})) == Code::R003);
  CHECK(codeOf("xf32=1", tensor(DType::f32, {4})) == Code::R003);
  CHECK(codeOf("5xf32=1", tensor(DType::f32, {4})) == Code::R008);
  CHECK(codeOf("2xf32=1", scalar(DType::f32)) == Code::R012);
  CHECK(codeOf("99999999999x99999999999xf32=1", tensor(DType::f32, {4})) == Code::R003);
}

TEST_CASE("generated data") {
  CHECK(valuesOf("zeros", tensor(DType::i32, {2})) == Values{0, 0});
  CHECK(valuesOf("ones", tensor(DType::bf16, {2})) == Values{1, 1});
  CHECK(valuesOf("normal", tensor(DType::f32, {3})) == valuesOf("normal", tensor(DType::f32, {3})));
  CHECK(codeOf("normal", tensor(DType::i32, {3})) == Code::R007);
  for (double value : valuesOf("uniform(-1, 2)", tensor(DType::f32, {100})))
    CHECK((value >= -1 && value < 2));
  for (double value : valuesOf("uniform(0,3)", tensor(DType::i8, {100})))
    CHECK((value == 0 || value == 1 || value == 2));
  CHECK(codeOf("uniform(0,300)", tensor(DType::i8, {3})) == Code::R009);
  CHECK(codeOf("uniform(2,1)", tensor(DType::f32, {3})) == Code::R003);
  CHECK(codeOf("uniform(0,inf)", tensor(DType::f32, {3})) == Code::R003);
}

TEST_CASE("an array without a known shape has at least its extent") {
  Parameter parameter = tensor(DType::f32, {});
  parameter.hasShape = false;
  parameter.extent = 6;
  CHECK(valuesOf("ones", parameter).size() == 6);
  CHECK(valuesOf("2x4xf32=1", parameter).size() == 8);
  CHECK(codeOf("5xf32=1", parameter) == Code::R008);
}

TEST_CASE("files must have the dtype and the shape") {
  Scratch scratch;
  auto data = Tensor::zeros(DType::u16, {2, 1, 3});
  REQUIRE(static_cast<bool>(data));
  std::string path = scratch.path("x.npy");
  REQUIRE_FALSE(static_cast<bool>(writeNpy(path, *data)));
  CHECK(valuesOf(path, tensor(DType::bf16, {2, 3})).size() == 6); // the bits of bfloat16
  CHECK(codeOf(path, tensor(DType::f16, {2, 3})) == Code::R007);
  CHECK(codeOf(path, tensor(DType::bf16, {3, 2})) == Code::R008);
  CHECK(codeOf(path, tensor(DType::bf16, {6})) == Code::R008);
  CHECK(codeOf(path, scalar(DType::bf16)) == Code::R012);
  CHECK(codeOf(scratch.path("none.npy"), tensor(DType::f32, {1})) == Code::R004);
}
