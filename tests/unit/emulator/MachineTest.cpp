// Queues, skips, semaphores, arguments and memories.
#include "emulator/Elements.h"

using namespace rblnc::test;
using rblnc::Code;

namespace {

constexpr Unit engine = Unit::neural_engine, dma = Unit::neural_dma;

} // namespace

TEST_CASE("a skip passes over commands when its register says so", "[machine]") {
  bool whenZero = GENERATE(false, true);
  int32_t value = GENERATE(0, 1);
  TestBundle bundle;
  uint32_t n = bundle.argument("n", DType::i32, 1, Direction::in),
           y = bundle.argument("y", DType::i32, 3, Direction::inout);
  uint32_t one = bundle.constant({1, 0, 0, 0});
  uint32_t reg = bundle.addRegister(0, 1);
  bundle.loadScalar(reg, dram(n, DType::i32, 0, {}));
  bundle.skip(reg, whenZero, 2);
  for (int64_t i = 0; i < 3; ++i)
    bundle.addDma({}, dram(one, DType::i32, 0, {}), dram(y, DType::i32, 4 * i, {}));
  std::vector<int32_t> count = {value}, out(3);
  RunResult result = run(bundle, Arrays().bind("n", count).bind("y", out));
  bool skipped = (value == 0) == whenZero;
  CHECK(out == (skipped ? std::vector<int32_t>{0, 0, 1} : std::vector<int32_t>{1, 1, 1}));
  CHECK(result.stats.skippedCommands == (skipped ? 2 : 0));
  CHECK(result.stats.dmaCommands == (skipped ? 1 : 3));
}

TEST_CASE("queues go back and forth", "[machine]") {
  // Each queue adds 1 to the same element in turn.
  TestBundle bundle;
  uint32_t y = bundle.argument("y", DType::i32, 1, Direction::inout);
  auto increment = [&](uint32_t queue) {
    TestVector vector;
    int in = vector.input(dram(y, DType::i32, 0, {}));
    int one = vector.step(Op::constant, DType::i32, -1, -1, -1, 1);
    vector.output(vector.step(Op::addi, DType::i32, in, one), dram(y, DType::i32, 0, {}));
    bundle.addVector(std::move(vector), engine, queue);
  };
  for (uint32_t turn = 0; turn < 10; ++turn) {
    uint32_t queue = turn % 2;
    if (turn)
      bundle.wait(1 - queue, (turn + 1) / 2, engine, queue);
    increment(queue);
    bundle.signal(queue, engine, queue);
  }
  std::vector<int32_t> out = {5};
  RunResult result = run(bundle, Arrays().bind("y", out));
  CHECK(out[0] == 15);
  CHECK(result.findings.empty());
}

TEST_CASE("workspace and constants are DRAM of their own", "[machine]") {
  TestBundle bundle;
  uint32_t y = bundle.argument("y", DType::i8, 4, Direction::out);
  uint32_t numbers = bundle.constant({3, 1, 4, 1}), space = bundle.workspace(1 << 20);
  bundle.addDma({4}, dram(numbers, DType::i8, 0, {1}), dram(space, DType::i8, (1 << 20) - 4, {1}));
  bundle.addDma({4}, dram(space, DType::i8, (1 << 20) - 4, {1}), access(Memory::shared, 0, DType::i8, 100, {1}));
  bundle.addDma({4}, access(Memory::shared, 0, DType::i8, 103, {-1}), dram(y, DType::i8, 0, {1}));
  std::vector<uint8_t> out(4);
  run(bundle, Arrays().bind("y", out));
  CHECK(out == std::vector<uint8_t>{1, 4, 1, 3});
}

TEST_CASE("arguments need no alignment", "[machine]") {
  TestBundle bundle;
  uint32_t x = bundle.argument("x", DType::f32, 100, Direction::in),
           y = bundle.argument("y", DType::f32, 100, Direction::out);
  TestVector vector;
  vector.outer = {100};
  int in = vector.input(dram(x, DType::f32, 0, {4}));
  vector.output(vector.step(Op::addf, DType::f32, in, in), dram(y, DType::f32, 0, {4}));
  bundle.addVector(std::move(vector));
  std::vector<uint8_t> inBytes(403), outBytes(401);
  for (int i = 0; i < 100; ++i) {
    auto value = static_cast<float>(i);
    std::memcpy(&inBytes[3 + 4 * static_cast<size_t>(i)], &value, 4);
  }
  Arrays arrays;
  arrays.arguments["x"] = std::as_writable_bytes(std::span(inBytes).subspan(3));
  arrays.arguments["y"] = std::as_writable_bytes(std::span(outBytes).subspan(1));
  run(bundle, arrays);
  for (int i = 0; i < 100; ++i) {
    float value;
    std::memcpy(&value, &outBytes[1 + 4 * static_cast<size_t>(i)], 4);
    CHECK(value == static_cast<float>(2 * i));
  }
}

TEST_CASE("RBLN-R031: arguments must match the signature", "[machine]") {
  TestBundle bundle;
  bundle.argument("x", DType::f32, 4, Direction::in);
  std::vector<float> four(4), three(3);
  CHECK(runError(bundle, Arrays()).message == "argument 'x' is not bound to an array");
  CHECK(runError(bundle, Arrays().bind("x", three)).message == "argument 'x' needs 16 bytes, and its array has 12");
  CHECK(runError(bundle, Arrays().bind("x", four).bind("z", four)).message == "the kernel has no argument 'z'");
  CHECK(runError(bundle, Arrays()).code == Code::R031);
}

TEST_CASE("RBLN-R032: a program may need more memory than is allowed", "[machine]") {
  TestBundle bundle;
  bundle.workspace(1 << 30);
  RunOptions options;
  options.maxMemoryBytes = 1 << 29;
  CHECK(runError(bundle, Arrays(), options).code == Code::R032);
}

TEST_CASE("RBLN-R030: there must be such a program", "[machine]") {
  TestBundle bundle;
  auto opened = openBytes(bundle.bytes());
  REQUIRE(static_cast<bool>(opened));
  auto machine = rblnc::emulator::Machine::create(*opened, 1);
  REQUIRE(!machine);
  CHECK(rblnc::toDiagnostic(machine.takeError()).code == Code::R030);
}

TEST_CASE("RBLN-R033: a register that is read too early can make queues wait for ever", "[machine]") {
  // Both queues skip under the same condition, so the verifier accepts them; but one tests the register before it is
  // loaded, signals nothing, and the other waits.
  TestBundle bundle;
  uint32_t n = bundle.argument("n", DType::i32, 1, Direction::in);
  uint32_t reg = bundle.addRegister(0, 1);
  bundle.skip(reg, /*whenZero=*/true, 1, dma);
  bundle.signal(0, dma);
  bundle.loadScalar(reg, dram(n, DType::i32, 0, {}), engine);
  bundle.skip(reg, /*whenZero=*/true, 1, engine);
  bundle.wait(0, 1, engine);
  std::vector<int32_t> one = {1}, zero = {0};
  CHECK(runError(bundle, Arrays().bind("n", one)).code == Code::R033);
  CHECK(!run(bundle, Arrays().bind("n", zero)).findings.empty());
}

TEST_CASE("a machine runs again with other arrays", "[machine]") {
  TestBundle bundle;
  uint32_t x = bundle.argument("x", DType::f32, 4, Direction::in),
           y = bundle.argument("y", DType::f32, 4, Direction::out);
  bundle.addDma({4}, dram(x, DType::f32, 0, {4}), dram(y, DType::f32, 0, {4}), dma);
  auto opened = openBytes(bundle.bytes());
  auto machine = llvm::cantFail(rblnc::emulator::Machine::create(*opened));
  for (float value : {1.0f, 2.0f}) {
    std::vector<float> in(4, value), out(4);
    llvm::cantFail(machine.run(Arrays().bind("x", in).bind("y", out).arguments));
    CHECK(out == in);
  }
}
