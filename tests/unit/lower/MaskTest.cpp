// Comparisons as bounds: which elements take part must be exactly those that the comparison selects.
#include "Mask.h"

#include "catch2/catch.hpp"

using namespace rblnc::lower;
using mlir::arith::CmpIPredicate;

namespace {

LinearForm form(int64_t constant, std::initializer_list<int64_t> strides) {
  LinearForm result;
  result.constant = constant;
  result.strides.assign(strides);
  return result;
}

bool holds(CmpIPredicate predicate, int64_t a, int64_t b) {
  auto x = static_cast<uint64_t>(a), y = static_cast<uint64_t>(b);
  switch (predicate) {
  case CmpIPredicate::eq:
    return a == b;
  case CmpIPredicate::ne:
    return a != b;
  case CmpIPredicate::slt:
    return a < b;
  case CmpIPredicate::sle:
    return a <= b;
  case CmpIPredicate::sgt:
    return a > b;
  case CmpIPredicate::sge:
    return a >= b;
  case CmpIPredicate::ult:
    return x < y;
  case CmpIPredicate::ule:
    return x <= y;
  case CmpIPredicate::ugt:
    return x > y;
  case CmpIPredicate::uge:
    return x >= y;
  }
  return false;
}

bool selects(const MaskForm &mask, int64_t position) {
  if (mask.never)
    return false;
  for (const Bound &bound : mask.bounds)
    if (bound.upper ? position >= bound.limit.constant : position < bound.limit.constant)
      return false;
  for (const Guard &guard : mask.guards)
    if (guard.positive.constant <= 0)
      return false;
  return true;
}

} // namespace

TEST_CASE("every comparison along one axis selects what it says") {
  constexpr int64_t extent = 7;
  for (uint64_t p = 0; p <= mlir::arith::getMaxEnumValForCmpIPredicate(); ++p) {
    auto predicate = static_cast<CmpIPredicate>(p);
    for (int64_t stride : {-3, -1, 0, 1, 2})
      for (int64_t constant = -8; constant <= 8; ++constant)
        for (int64_t limit = -9; limit <= 9; ++limit)
          for (int64_t other : {0, 1}) {
            LinearForm left = form(constant, {stride}), right = form(limit, {other});
            std::optional<MaskForm> mask = compare(predicate, left, right, {extent});
            if (!mask)
              continue;
            for (int64_t i = 0; i < extent; ++i)
              CHECK(selects(*mask, i) == holds(predicate, constant + stride * i, limit + other * i));
          }
  }
}

TEST_CASE("signed comparisons along one axis always have a form") {
  for (CmpIPredicate predicate : {CmpIPredicate::slt, CmpIPredicate::sle, CmpIPredicate::sgt, CmpIPredicate::sge})
    CHECK(compare(predicate, form(3, {2}), form(10, {0}), {16}));
}

TEST_CASE("a bound on a sum of positions has no form unless it always holds") {
  CHECK_FALSE(compare(CmpIPredicate::slt, form(0, {64, 1}), form(100, {0, 0}), {8, 64}));
  std::optional<MaskForm> always = compare(CmpIPredicate::slt, form(0, {64, 1}), form(512, {0, 0}), {8, 64});
  REQUIRE(always);
  CHECK(always->isAlways());
}

TEST_CASE("a conjunction has a limit") {
  MaskForm one;
  one.bounds.push_back({0, true, form(1, {})});
  MaskForm all;
  for (size_t i = 0; i < maxBounds; ++i) {
    std::optional<MaskForm> next = conjunction(all, one);
    REQUIRE(next);
    all = *next;
  }
  CHECK_FALSE(conjunction(all, one));
}
