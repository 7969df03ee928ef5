// Lists of overflow checks, and where the lowering puts what is left of them.
#include "Overflow.h"

#include "Lowered.h"

#include "catch2/catch.hpp"

#include <algorithm>

using namespace rblnc::lower;

namespace {

OverflowCheck sum(int64_t constant, int64_t stride = 1, unsigned width = 32) {
  LinearForm form;
  form.constant = constant;
  form.strides = {stride};
  return {nullptr, "+", width, form, LinearForm(), form};
}

const std::string pointers = R"(
%range = tt.make_range {end = 16 : i32, start = 0 : i32} : tensor<16xi32>
%base = tt.splat %x : !tt.ptr<f32> -> tensor<16x!tt.ptr<f32>>
%ptr = tt.addptr %base, %range : tensor<16x!tt.ptr<f32>>, tensor<16xi32>
)";

/// A kernel over `%x: !tt.ptr<f32>`, `%n: i32` and `%m: i32` that loads 16 elements, each 2^28 away from the next,
/// where %mask says so.
Lowered farWhere(const std::string &mask) {
  return Lowered("%x: !tt.ptr<f32>, %n: i32, %m: i32", pointers + mask + R"(
    %zero = arith.constant 0 : i32
    %far = arith.constant dense<268435456> : tensor<16xi32>
    %at = arith.muli %range, %far : tensor<16xi32>
    %p = tt.addptr %base, %at : tensor<16x!tt.ptr<f32>>, tensor<16xi32>
    %v = tt.load %p, %mask : tensor<16x!tt.ptr<f32>>
    tt.store %ptr, %v : tensor<16x!tt.ptr<f32>>)");
}

size_t countOf(const std::string &text, const std::string &part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

} // namespace

TEST_CASE("of parallel checks the two ends stay, in whatever order they come") {
  std::vector<int64_t> constants = {-5, 0, 1, 7};
  do {
    OverflowChecks checks;
    for (int64_t constant : constants)
      CHECK(addCheck(checks, sum(constant)));
    REQUIRE(checks.size() == 2);
    auto [low, high] = std::minmax(checks[0].result->constant, checks[1].result->constant);
    INFO(constants[0] << " " << constants[1] << " " << constants[2] << " " << constants[3]);
    CHECK(low == -5);
    CHECK(high == 7);
  } while (std::next_permutation(constants.begin(), constants.end()));
}

TEST_CASE("checks of other widths and other positions are not parallel") {
  OverflowChecks checks;
  for (const OverflowCheck &check : {sum(0), sum(0, 2), sum(0, 1, 64), sum(0), sum(0, 2), sum(0, 1, 64)})
    CHECK(addCheck(checks, check));
  CHECK(checks.size() == 3);
}

TEST_CASE("there is a limit to checks") {
  OverflowChecks checks;
  for (size_t i = 0; i < maxOverflowChecks; ++i)
    CHECK(addCheck(checks, sum(0, static_cast<int64_t>(i) + 1)));
  CHECK_FALSE(addCheck(checks, sum(0, -1)));
}

TEST_CASE("C012: an overflow is certain where no run-time value keeps elements out") {
  const std::string always = "%c16 = arith.constant dense<16> : tensor<16xi32>\n"
                             "%mask = arith.cmpi slt, %range, %c16 : tensor<16xi32>";
  CHECK(farWhere(always).codes() == "C012");
  auto below = [](int limit) {
    return "%c = arith.constant dense<" + std::to_string(limit) +
           "> : tensor<16xi32>\n%mask = arith.cmpi slt, %range, %c : tensor<16xi32>";
  };
  // 7 * 2^28 fits 32 bits, 8 * 2^28 does not.
  CHECK(farWhere(below(8)).codes() == "none");
  CHECK(farWhere(below(9)).codes() == "C012");
  CHECK(farWhere(below(0)).codes() == "none");
}

TEST_CASE("an overflow is checked when the kernel runs where run-time values keep elements out") {
  Lowered guard = farWhere("%c = arith.cmpi sgt, %n, %m : i32\n%mask = tt.splat %c : i1 -> tensor<16xi1>");
  INFO(guard.message());
  CHECK(guard.codes() == "none");
  CHECK(guard.contains("#rbln.overflow<\"*\", 32, [15, 0], [268435456, 0] unless[0]"));
  Lowered bound = farWhere("%ns = tt.splat %n : i32 -> tensor<16xi32>\n"
                           "%mask = arith.cmpi slt, %range, %ns : tensor<16xi32>");
  INFO(bound.message());
  CHECK(bound.codes() == "none");
  CHECK(bound.contains("#rbln.overflow<\"*\", 32, [-1, 1], [268435456, 0] unless[0]"));
}

TEST_CASE("an overflow check stands in the branch that it is about") {
  // The same integer is checked before the branch, against another factor.
  Lowered kernel("%x: !tt.ptr<f32>, %o: !tt.ptr<f32>, %n: i32, %m: i32", R"(
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i64
    %c100 = arith.constant 100 : i64
    %c64k = arith.constant 65536 : i32
    %c128k = arith.constant 131072 : i32
    %a = arith.muli %n, %c64k : i32
    %pa = tt.make_tensor_ptr %x, [%c100], [%c1], [%a] {order = array<i32: 0>} : <tensor<8xf32>>
    %va = tt.load %pa {boundaryCheck = array<i32: 0>} : !tt.ptr<tensor<8xf32>>
    %t = arith.cmpi sgt, %m, %c0 : i32
    %r = scf.if %t -> tensor<8xf32> {
      %b = arith.muli %n, %c128k : i32
      %pb = tt.make_tensor_ptr %x, [%c100], [%c1], [%b] {order = array<i32: 0>} : <tensor<8xf32>>
      %vb = tt.load %pb {boundaryCheck = array<i32: 0>} : !tt.ptr<tensor<8xf32>>
      scf.yield %vb : tensor<8xf32>
    } else {
      scf.yield %va : tensor<8xf32>
    }
    %q = tt.make_tensor_ptr %o, [%c100], [%c1], [%c0] {order = array<i32: 0>} : <tensor<8xf32>>
    tt.store %q, %r : !tt.ptr<tensor<8xf32>>)");
  INFO(kernel.message() << "\n" << kernel.text);
  REQUIRE(kernel.done());
  size_t branch = kernel.text.find("scf.if");
  CHECK(kernel.text.find("[65536, 0]") < branch);
  CHECK(kernel.text.find("[131072, 0]") > branch);
  CHECK(kernel.text.find("[131072, 0]") != std::string::npos);
}

TEST_CASE("an index that a branch makes is its own") {
  Lowered kernel("%x: !tt.ptr<f32>, %o: !tt.ptr<f32>, %n: i32, %m: i32", R"(
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i64
    %c100 = arith.constant 100 : i64
    %zero = arith.constant dense<0.0> : tensor<8xf32>
    %t = arith.cmpi sgt, %m, %c0 : i32
    %p = tt.make_tensor_ptr %x, [%c100], [%c1], [%n] {order = array<i32: 0>} : <tensor<8xf32>>
    %r = scf.if %t -> tensor<8xf32> {
      %a = tt.load %p : !tt.ptr<tensor<8xf32>>
      scf.yield %a : tensor<8xf32>
    } else {
      %a = tt.load %p : !tt.ptr<tensor<8xf32>>
      %e = math.exp %a : tensor<8xf32>
      scf.yield %e : tensor<8xf32>
    }
    %b = tt.load %p : !tt.ptr<tensor<8xf32>>
    %s = arith.addf %r, %b : tensor<8xf32>
    %c8 = arith.constant 8 : i64
    %q = tt.make_tensor_ptr %o, [%c8], [%c1], [%c0] {order = array<i32: 0>} : <tensor<8xf32>>
    tt.store %q, %s : !tt.ptr<tensor<8xf32>>)");
  INFO(kernel.message() << "\n" << kernel.text);
  REQUIRE(kernel.codes() == "none");
  CHECK(countOf(kernel.text, "rbln.to_index") == 3);
}
