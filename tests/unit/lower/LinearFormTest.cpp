// The algebra of affine integers: overflow is noticed, terms cancel.
#include "LinearForm.h"
#include "ReshapeGroups.h"

#include "catch2/catch.hpp"
#include "mlir/IR/Block.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/MLIRContext.h"

#include <limits>

using namespace rblnc::lower;

namespace {

constexpr int64_t largest = std::numeric_limits<int64_t>::max();
constexpr int64_t smallest = std::numeric_limits<int64_t>::min();

LinearForm form(int64_t constant, std::initializer_list<int64_t> strides) {
  LinearForm result;
  result.constant = constant;
  result.strides.assign(strides);
  return result;
}

/// Values to stand for what is known only at run time.
struct RunTimeValues {
  mlir::MLIRContext context;
  mlir::Block block;
  mlir::Value next() {
    mlir::Builder builder(&context);
    return block.addArgument(builder.getI32Type(), builder.getUnknownLoc());
  }
};

} // namespace

TEST_CASE("sums and products of affine integers") {
  std::optional<LinearForm> sum = add(form(1, {64, 1}), form(2, {0, 3}));
  REQUIRE(sum);
  CHECK(sum->constant == 3);
  CHECK(sum->strides == form(0, {64, 4}).strides);
  std::optional<LinearForm> product = multiply(*sum, -2);
  REQUIRE(product);
  CHECK(product->constant == -6);
  CHECK(product->strides == form(0, {-128, -8}).strides);
}

TEST_CASE("overflow gives no form") {
  CHECK_FALSE(add(form(largest, {}), form(1, {})));
  CHECK_FALSE(add(form(0, {largest}), form(0, {1})));
  CHECK_FALSE(multiply(form(smallest, {}), -1));
  CHECK_FALSE(subtract(form(0, {}), form(smallest, {})));
  CHECK_FALSE(addConstant(form(smallest, {}), -1));
  CHECK_FALSE(rangeOf(form(1, {largest}), {2}));
  CHECK_FALSE(rangeOf(form(0, {largest}), {3}));
}

TEST_CASE("forms of different rank do not add") { CHECK_FALSE(add(form(0, {1}), form(0, {1, 1}))); }

TEST_CASE("equal terms merge and cancel") {
  RunTimeValues values;
  mlir::Value a = values.next(), b = values.next();
  LinearForm left, right;
  left.terms = {{a, 2}, {b, 1}};
  right.terms = {{b, 1}, {a, 5}};
  std::optional<LinearForm> sum = add(left, right);
  REQUIRE(sum);
  CHECK(sameTerms(sum->terms, {{a, 7}, {b, 2}}));
  std::optional<LinearForm> nothing = subtract(left, left);
  REQUIRE(nothing);
  CHECK(nothing->terms.empty());
}

TEST_CASE("too many terms give no form") {
  RunTimeValues values;
  LinearForm sum;
  for (size_t i = 0; i < maxTerms; ++i) {
    LinearForm single;
    single.terms.push_back({values.next(), 1});
    std::optional<LinearForm> next = add(sum, single);
    REQUIRE(next);
    sum = *next;
  }
  LinearForm single;
  single.terms.push_back({values.next(), 1});
  CHECK_FALSE(add(sum, single));
}

TEST_CASE("the range of a form") {
  std::optional<Interval> range = rangeOf(form(10, {-3, 64}), {4, 2});
  REQUIRE(range);
  CHECK(range->min == 1);
  CHECK(range->max == 74);
}

TEST_CASE("quotients round down and up") {
  CHECK(floorDivide(-7, 2) == -4);
  CHECK(floorDivide(7, 2) == 3);
  CHECK(ceilDivide(-7, 2) == -3);
  CHECK(ceilDivide(7, 2) == 4);
  CHECK(floorDivide(smallest, 1) == smallest);
}

TEST_CASE("groups of a reshape are as fine as possible") {
  auto groups = groupAxes({8, 64}, {8, 1, 8, 8});
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].toEnd == 1);
  CHECK(groups[1].fromBegin == 1);
  CHECK(groups[1].toBegin == 1);
  CHECK(groups[1].toEnd == 4);
  CHECK(groupAxes({2, 4}, {4, 2}).size() == 1);
  CHECK(groupAxes({1, 8}, {8}).size() == 1);
  CHECK(groupAxes({8, 1, 1}, {8}).size() == 1);
  CHECK(groupAxes({}, {1, 1}).empty());
}

TEST_CASE("strides of a reshape") {
  auto split = reshapeStrides({8, 64}, {100, 1}, {2, 4, 64});
  REQUIRE(split);
  CHECK(*split == llvm::SmallVector<int64_t, 6>{400, 100, 1});
  auto merged = reshapeStrides({8, 64}, {64, 1}, {512});
  REQUIRE(merged);
  CHECK(merged->front() == 1);
  CHECK_FALSE(reshapeStrides({8, 64}, {100, 1}, {512}));
  CHECK_FALSE(reshapeStrides({2, 4}, {1, 2}, {4, 2}));
}
