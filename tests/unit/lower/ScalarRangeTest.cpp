// Ranges of integers: they hold whatever the operations give, and no more than that where the operands tell.
#include "ScalarRange.h"

#include "rblnc/frontend/Frontend.h"
#include "rblnc/triton/Dialect.h"

#include "catch2/catch.hpp"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"

#include <functional>

using namespace mlir;
using namespace rblnc;
using namespace rblnc::lower;

namespace {

/// The range of %r in a body over `%a: i32`, `%b: i32`, `%c: i1` and `%s: i8`.
struct Ranged {
  std::unique_ptr<MLIRContext> context;

  Ranged() {
    DialectRegistry registry;
    registerDialects(registry);
    context = makeContext(registry);
  }
  std::pair<int64_t, int64_t> operator()(const std::string &body) const {
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(
        "module { tt.func public @k(%a: i32, %b: i32, %c: i1, %s: i8) {" + body + "\ntt.return }}", context.get());
    REQUIRE(module);
    Block &block = (*module->getOps<tt::FuncOp>().begin()).getBody().front();
    ScalarRanges ranges;
    WideInterval range = ranges.of(block.getTerminator()->getPrevNode()->getResult(0));
    return {static_cast<int64_t>(range.min), static_cast<int64_t>(range.max)};
  }
};

constexpr std::pair<int64_t, int64_t> whole = {INT32_MIN, INT32_MAX};

/// An operand with the values from `low` to `low + 3`.
std::string operand(const std::string &name, const std::string &argument, int64_t low) {
  return "%three" + name + " = arith.constant 3 : i32\n%l" + name + " = arith.constant " + std::to_string(low) +
         " : i32\n%m" + name + " = arith.andi %" + argument + ", %three" + name + " : i32\n%" + name +
         " = arith.addi %m" + name + ", %l" + name + " : i32\n";
}

using Operation2 = std::function<int32_t(int32_t, int32_t)>;
uint32_t u(int32_t value) { return static_cast<uint32_t>(value); }

} // namespace

TEST_CASE("the range of two operands is that of all their results") {
  struct Row {
    const char *name;
    Operation2 apply;
    bool isUnsigned;
  };
  const Row rows[] = {{"arith.addi", [](int32_t x, int32_t y) { return x + y; }, false},
                      {"arith.subi", [](int32_t x, int32_t y) { return x - y; }, false},
                      {"arith.muli", [](int32_t x, int32_t y) { return x * y; }, false},
                      {"arith.maxsi", [](int32_t x, int32_t y) { return std::max(x, y); }, false},
                      {"arith.minsi", [](int32_t x, int32_t y) { return std::min(x, y); }, false},
                      {"arith.maxui", [](int32_t x, int32_t y) { return int32_t(std::max(u(x), u(y))); }, true},
                      {"arith.minui", [](int32_t x, int32_t y) { return int32_t(std::min(u(x), u(y))); }, true}};
  Ranged ranged;
  for (const Row &row : rows)
    for (int32_t low : {-7, -4, -2, 0, 1, 5})
      for (int32_t other : {-9, -3, 0, 2, 4}) {
        std::pair<int64_t, int64_t> expected = {INT64_MAX, INT64_MIN};
        for (int32_t x = low; x < low + 4; ++x)
          for (int32_t y = other; y < other + 4; ++y)
            expected = {std::min<int64_t>(expected.first, row.apply(x, y)),
                        std::max<int64_t>(expected.second, row.apply(x, y))};
        auto range = ranged(operand("x", "a", low) + operand("y", "b", other) + "%r = " + row.name + " %x, %y : i32");
        INFO(row.name << " of " << low << ".." << low + 3 << " and " << other << ".." << other + 3);
        if (!row.isUnsigned || (low >= 0 && other >= 0)) {
          CHECK(range == expected);
        } else {
          CHECK(range.first <= expected.first);
          CHECK(range.second >= expected.second);
        }
      }
  // The smaller of a natural number and any other is one.
  CHECK(ranged(operand("x", "a", 2) + "%r = arith.minui %x, %b : i32") == std::pair<int64_t, int64_t>{0, 5});
  CHECK(ranged(operand("x", "a", 2) + "%r = arith.minui %b, %x : i32") == std::pair<int64_t, int64_t>{0, 5});
}

TEST_CASE("the range by a constant is that of all results") {
  struct Row {
    const char *name;
    Operation2 apply;
    bool isUnsigned;
    int least;
  };
  const Row rows[] = {{"arith.shli", [](int32_t x, int32_t y) { return x * (1 << y); }, false, 0},
                      {"arith.shrsi", [](int32_t x, int32_t y) { return x >> y; }, false, 0},
                      {"arith.shrui", [](int32_t x, int32_t y) { return int32_t(u(x) >> y); }, true, 0},
                      {"arith.divsi", [](int32_t x, int32_t y) { return x / y; }, false, 1},
                      {"arith.divui", [](int32_t x, int32_t y) { return int32_t(u(x) / u(y)); }, true, 1}};
  Ranged ranged;
  for (const Row &row : rows)
    for (int32_t low : {-7, -4, -2, 0, 1, 5})
      for (int32_t y : {0, 1, 2, 3}) {
        if (y < row.least)
          continue;
        std::string body = operand("x", "a", low) + "%y = arith.constant " + std::to_string(y) + " : i32\n%r = ";
        INFO(row.name << " of " << low << ".." << low + 3 << " by " << y);
        if (row.isUnsigned && low < 0)
          CHECK(ranged(body + row.name + " %x, %y : i32") == whole);
        else
          CHECK(ranged(body + row.name + " %x, %y : i32") ==
                std::pair<int64_t, int64_t>{row.apply(low, y), row.apply(low + 3, y)});
      }
}

TEST_CASE("the range of a remainder") {
  Ranged ranged;
  auto remainder = [&](const char *name, int low, int divisor) {
    return ranged(operand("x", "a", low) + "%y = arith.constant " + std::to_string(divisor) + " : i32\n%r = " + name +
                  " %x, %y : i32");
  };
  for (int divisor : {1, 2, 3, 4}) {
    std::pair<int64_t, int64_t> natural = {0, divisor - 1}, any = {1 - divisor, divisor - 1};
    CHECK(remainder("arith.remsi", 5, divisor) == natural);
    CHECK(remainder("arith.remui", 5, divisor) == natural);
    CHECK(remainder("arith.remsi", -2, divisor) == any);
    CHECK(remainder("arith.remui", -2, divisor) == whole);
  }
  for (int divisor : {0, -3})
    for (const char *name : {"arith.remsi", "arith.divsi"})
      CHECK(remainder(name, 5, divisor) == whole);
}

TEST_CASE("the range of one operand") {
  using Range = std::pair<int64_t, int64_t>;
  Ranged ranged;
  CHECK(ranged("%r = arith.extsi %s : i8 to i32") == Range{-128, 127});
  CHECK(ranged("%r = arith.extui %s : i8 to i32") == Range{0, 255});
  CHECK(ranged("%k = arith.constant 12 : i8\n%n = arith.andi %s, %k : i8\n%r = arith.extui %n : i8 to i32") ==
        Range{0, 12});
  CHECK(ranged(operand("x", "a", -2) + "%r = arith.trunci %x : i32 to i8") == Range{-2, 1});
  CHECK(ranged("%r = arith.trunci %a : i32 to i8") == Range{-128, 127});
  CHECK(ranged(operand("x", "a", -2) + "%r = math.absi %x : i32") == Range{0, 2});
  CHECK(ranged(operand("x", "a", 1) + "%r = math.absi %x : i32") == Range{0, 4});
  CHECK(ranged(operand("x", "a", -9) + "%r = math.absi %x : i32") == Range{0, 9});
  CHECK(ranged(operand("x", "a", -2) + operand("y", "b", 5) + "%r = arith.select %c, %x, %y : i32") == Range{-2, 8});
  CHECK(ranged(operand("x", "a", 5) + operand("y", "b", -2) + "%r = arith.select %c, %x, %y : i32") == Range{-2, 8});
  CHECK(ranged("%r = tt.make_range {start = 3 : i32, end = 7 : i32} : tensor<4xi32>") == Range{3, 6});
  CHECK(ranged("%r = arith.constant dense<[3, -1, 2]> : tensor<3xi32>") == Range{-1, 3});
  CHECK(ranged("%k = arith.constant 6 : i32\n%r = arith.andi %a, %k : i32") == Range{0, 6});
  CHECK(ranged("%k = arith.constant 6 : i32\n%r = arith.andi %k, %a : i32") == Range{0, 6});
  CHECK(ranged("%r = arith.andi %a, %b : i32") == whole);
}

TEST_CASE("what need not fit its type has the range of the type") {
  Ranged ranged;
  CHECK(ranged("%k = arith.constant 2147483647 : i32\n" + operand("x", "a", 0) + "%r = arith.addi %x, %k : i32") ==
        whole);
  CHECK(ranged("%k = arith.constant 2147483644 : i32\n" + operand("x", "a", 0) + "%r = arith.addi %x, %k : i32") ==
        std::pair<int64_t, int64_t>{2147483644, 2147483647});
}
