// What the command processor checks of the scalars that it loads, each of which stops the run.
#include "emulator/Findings.h"

#include <fmt/format.h>

using namespace rblnc::test;
using rblnc::Diagnostic;

TEST_CASE("RBLN-R034: a scalar outside of its register's bounds stops the run", "[checks]") {
  TestBundle bundle;
  uint32_t n = bundle.argument("n", DType::i32, 1, Direction::in);
  bundle.loadScalar(bundle.addRegister(-2, 8, "seq_idx"), dram(n, DType::i32, 0, {}));
  RunOptions unchecked;
  unchecked.checks = false;
  for (int32_t value : {-3, 9}) {
    std::vector<int32_t> array = {value};
    for (const RunOptions &options : {RunOptions(), unchecked}) {
      Diagnostic error = runError(bundle, Arrays().bind("n", array), options);
      CHECK(error.code == rblnc::Code::R034);
      CHECK(error.message == "command 0 of neural_engine 0 (load_scalar): 'seq_idx' is " + std::to_string(value) +
                                 ", and must be -2 to 8");
      CHECK(error.fix == "pass a value from -2 to 8");
      CHECK(error.frames.size() == 1);
    }
  }
  for (int32_t value : {-2, 0, 8}) {
    std::vector<int32_t> array = {value};
    CHECK(codes(run(bundle, Arrays().bind("n", array))).empty());
  }
}

TEST_CASE("RBLN-R036: an integer that addresses memory and leaves its type stops the run", "[checks]") {
  TestBundle bundle;
  uint32_t n = bundle.argument("n", DType::i32, 1, Direction::in),
           m = bundle.argument("m", DType::i32, 1, Direction::in);
  uint32_t other = bundle.addRegister(INT32_MIN, INT32_MAX), reg = bundle.addRegister(INT32_MIN, INT32_MAX);
  bundle.loadScalar(other, dram(m, DType::i32, 0, {}));
  LoadScalarT load;
  load.register_ = reg;
  load.source = dram(n, DType::i32, 0, {});
  auto check = [&](CheckedOp operation, uint8_t width, std::vector<int64_t> lhs, std::vector<int64_t> rhs) {
    auto added = std::make_unique<OverflowCheckT>();
    added->operation = operation;
    added->width = width;
    added->registers = {other};
    added->lhs = std::move(lhs);
    added->rhs = std::move(rhs);
    load.checks.push_back(std::move(added));
  };
  int32_t value = 0, kept = 0, second = 0;
  std::string message;
  SECTION("a product") {
    check(CheckedOp::multiply, 32, {0, 1, 0}, {65536, 0, 0});
    value = 40000, kept = 32767;
    message = "i32: 40000 * 65536 = 2621440000";
  }
  SECTION("the sum of two, near the end") {
    check(CheckedOp::add, 32, {0, 1, 0}, {0, 0, 1});
    value = second = 1 << 30, kept = value - 1;
    message = "i32: 1073741824 + 1073741824 = 2147483648";
  }
  SECTION("a difference below the least value") {
    check(CheckedOp::subtract, 8, {-100, 1, 0}, {0, 0, 1});
    value = 2, kept = 3, second = 31;
    message = "i8: -98 - 31 = -129";
  }
  SECTION("a product beyond 64 bits") {
    check(CheckedOp::multiply, 64, {0, INT64_MAX, 0}, {0, 0, INT64_MAX});
    value = second = 1, kept = 0;
    message = "i64: 9223372036854775807 * 9223372036854775807 = 85070591730234615847396907784232501249";
  }
  SECTION("a shift") {
    check(CheckedOp::shift, 16, {0, 1, 0}, {12, 0, 0});
    value = 8, kept = 7;
    message = "i16: 8 << 12 = 32768";
  }
  SECTION("a narrower type") {
    check(CheckedOp::none, 16, {0, 1, 0}, {0, 0, 0});
    value = -32769, kept = -32768;
    message = "i16: -32769 does not fit";
  }
  bundle.add(std::move(load), Unit::neural_engine, 0);
  std::vector<int32_t> a = {value}, b = {second};
  Diagnostic error = runError(bundle, Arrays().bind("n", a).bind("m", b));
  CHECK(error.code == rblnc::Code::R036);
  CHECK(error.message == "integer overflow in an address: " + message);
  a = {kept};
  CHECK(codes(run(bundle, Arrays().bind("n", a).bind("m", b))).empty());
}

TEST_CASE("RBLN-R037: inserted rows that are lost stop the run", "[checks]") {
  constexpr int64_t partition = 8;
  for (int64_t rows : {1, 3, 8})
    for (bool isLast : {false, true}) {
      TestBundle bundle;
      uint32_t n = bundle.argument("n", DType::i32, 1, Direction::in);
      LoadScalarT load;
      load.register_ = bundle.addRegister(0, 20);
      load.source = dram(n, DType::i32, 0, {});
      auto check = std::make_unique<OverflowCheckT>();
      check->operation = isLast ? CheckedOp::append_last : CheckedOp::append;
      check->width = 64;
      check->lhs = {0, 1};
      check->rhs = {rows, 0};
      check->partition = partition;
      load.checks.push_back(std::move(check));
      bundle.add(std::move(load), Unit::neural_engine, 0);
      RunOptions unchecked;
      unchecked.appendChecks = false;
      for (int32_t offset = 0; offset <= 10; ++offset) {
        INFO(rows << " rows from " << offset << " on, last: " << isLast);
        std::vector<int32_t> value = {offset};
        CHECK(codes(run(bundle, Arrays().bind("n", value), unchecked)).empty());
        if (offset + rows <= partition || (offset == partition && !isLast)) {
          CHECK(codes(run(bundle, Arrays().bind("n", value))).empty());
          continue;
        }
        Diagnostic error = runError(bundle, Arrays().bind("n", value));
        CHECK(error.code == rblnc::Code::R037);
        CHECK(error.message == fmt::format("new rows are lost: register 0 is {}, and a partition of 8 rows has room "
                                           "for {} of {} new ones behind those",
                                           offset, std::max<int64_t>(partition - offset, 0), rows));
        CHECK((error.fix.find("clamp(n - p * 8, 0, 8)") != std::string::npos) == (offset >= partition));
      }
    }
}

TEST_CASE("nothing is checked where a register of `unless` is zero", "[checks]") {
  TestBundle bundle;
  uint32_t n = bundle.argument("n", DType::i32, 1, Direction::in),
           m = bundle.argument("m", DType::i32, 1, Direction::in);
  uint32_t other = bundle.addRegister(0, 8), reg = bundle.addRegister(INT32_MIN, INT32_MAX);
  bundle.loadScalar(other, dram(m, DType::i32, 0, {}));
  LoadScalarT load;
  load.register_ = reg;
  load.source = dram(n, DType::i32, 0, {});
  auto check = std::make_unique<OverflowCheckT>();
  check->operation = CheckedOp::add;
  check->width = 32;
  check->lhs = {0, 1};
  check->rhs = {1, 0};
  check->unless = {other};
  load.checks.push_back(std::move(check));
  bundle.add(std::move(load), Unit::neural_engine, 0);
  std::vector<int32_t> largest = {INT32_MAX}, zero = {0}, one = {1};
  CHECK(codes(run(bundle, Arrays().bind("n", largest).bind("m", zero))).empty());
  CHECK(runError(bundle, Arrays().bind("n", largest).bind("m", one)).code == rblnc::Code::R036);
}
