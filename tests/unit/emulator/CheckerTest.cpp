// What the checks find, and what they must not find.
#include "emulator/Findings.h"

using namespace rblnc::test;
using rblnc::Diagnostic;
using rblnc::Severity;

namespace {

constexpr Unit engine = Unit::neural_engine, dma = Unit::neural_dma;

/// A bundle with an input x and an output y of 64 floats.
struct Pair : TestBundle {
  uint32_t x = argument("x", DType::f32, 64, Direction::in), y = argument("y", DType::f32, 64, Direction::out);
  std::vector<float> in = std::vector<float>(64, 1.5f), out = std::vector<float>(64);

  void copyIn(int64_t offset, Unit unit = dma, int64_t count = 64) {
    addDma({count}, dram(x, DType::f32, 0, {4}), pad(DType::f32, offset, {4}), unit);
  }
  void copyOut(int64_t offset, Unit unit = engine, int64_t count = 64) {
    addDma({count}, pad(DType::f32, offset, {4}), dram(y, DType::f32, 0, {4}), unit);
  }
  RunResult go(bool checks = true) {
    RunOptions options;
    options.checks = checks;
    return run(*this, Arrays().bind("x", in).bind("y", out), options);
  }
};

} // namespace

TEST_CASE("RBLN-R040: a scratchpad byte that was never written is read", "[checks]") {
  Pair bundle;
  auto buffer = std::make_unique<rblnc::bundle::BufferT>();
  buffer->memory = Memory::scratchpad;
  buffer->offset = 0;
  buffer->bytes = 512;
  buffer->name = "acc";
  bundle.program().buffers.push_back(std::move(buffer));
  bundle.copyIn(0, engine, 32);
  bundle.copyOut(0, engine, 64);
  RunResult result = bundle.go();
  REQUIRE(codes(result) == Codes{"R040"});
  const Diagnostic &finding = result.findings[0];
  CHECK(finding.message ==
        "command 1 of neural_engine 0 (dma) reads byte 128 of scratchpad 0 (buffer 'acc'), which nothing has written");
  REQUIRE(finding.frames.size() == 1);
  CHECK(finding.frames[0].str() == "kernel.py:12");
  CHECK(result.hasErrors());
  CHECK(codes(bundle.go(/*checks=*/false)).empty());
}

TEST_CASE("RBLN-R040 looks at single bytes of strided accesses", "[checks]") {
  // Every other f16 is written, and then read, and then the ones between.
  TestBundle bundle;
  uint32_t x = bundle.argument("x", DType::f16, 32, Direction::in),
           y = bundle.argument("y", DType::f16, 32, Direction::out);
  bundle.addDma({32}, dram(x, DType::f16, 0, {2}), pad(DType::f16, 0, {4}));
  std::vector<uint16_t> in(32), out(32);
  SECTION("the same ones") {
    bundle.addDma({32}, pad(DType::f16, 0, {4}), dram(y, DType::f16, 0, {2}));
    CHECK(codes(run(bundle, Arrays().bind("x", in).bind("y", out))).empty());
  }
  SECTION("the ones between") {
    bundle.addDma({32}, pad(DType::f16, 2, {4}), dram(y, DType::f16, 0, {2}));
    CHECK(codes(run(bundle, Arrays().bind("x", in).bind("y", out))) == Codes{"R040"});
  }
}

TEST_CASE("clipped elements are neither read nor written", "[checks]") {
  Pair bundle;
  DmaT first;
  first.shape = {64};
  first.source = dram(bundle.x, DType::f32, 0, {4});
  first.destination = pad(DType::f32, 0, {4});
  first.clips = {Clip(0, -1, 8, 0, 24, 0)};
  bool hasFill = GENERATE(false, true);
  first.has_fill = hasFill;
  bundle.add(std::move(first));
  SECTION("reading what was written") {
    bundle.addDma({16}, pad(DType::f32, 32, {4}), dram(bundle.y, DType::f32, 0, {4}));
    CHECK(codes(bundle.go()).empty());
  }
  SECTION("reading all") {
    bundle.copyOut(0);
    CHECK(codes(bundle.go()) == (hasFill ? Codes{} : Codes{"R040"}));
  }
}

TEST_CASE("RBLN-R041: a missing wait is a data race", "[checks]") {
  Pair bundle;
  bool waits = GENERATE(false, true);
  bundle.copyIn(0);
  bundle.signal(0, dma);
  if (waits)
    bundle.wait(0, 1, engine);
  bundle.copyOut(0);
  // Queues take turns in their order, so put the reader last for the data to be there either way.
  RunResult result = bundle.go();
  CHECK(codes(result) == (waits ? Codes{} : Codes{"R041"}));
  if (!waits) {
    CHECK(result.findings[0].message == "command 0 of neural_engine 0 (dma) reads byte 0 of scratchpad 0, and is not "
                                        "ordered with another queue that writes it");
    REQUIRE(result.findings[0].notes.size() == 1);
    CHECK(result.findings[0].notes[0].message == "command 0 of neural_dma 0 (dma) writes it");
  }
}

TEST_CASE("RBLN-R041: a buffer is overwritten before its reader is done", "[checks]") {
  Pair bundle;
  bool waits = GENERATE(false, true);
  bundle.copyIn(0);
  bundle.signal(0, dma);
  if (waits)
    bundle.wait(1, 1, dma);
  bundle.copyIn(0); // the next tile, into the same place
  bundle.wait(0, 1, engine);
  bundle.copyOut(0);
  bundle.signal(1, engine);
  CHECK(codes(bundle.go()) == (waits ? Codes{} : Codes{"R041"}));
}

TEST_CASE("interleaved accesses of two queues do not race", "[checks]") {
  TestBundle bundle;
  uint32_t x = bundle.argument("x", DType::i8, 32, Direction::in),
           y = bundle.argument("y", DType::i8, 64, Direction::out);
  int64_t second = GENERATE(1, 2);
  // Bytes 0, 2, 4, … and, at the same time, 1, 3, 5, … of the same words.
  bundle.addDma({32}, dram(x, DType::i8, 0, {1}), dram(y, DType::i8, 0, {2}), dma, 0);
  bundle.addDma({31}, dram(x, DType::i8, 0, {1}), dram(y, DType::i8, second, {2}), dma, 1);
  std::vector<uint8_t> in(32, 7), out(64);
  CHECK(codes(run(bundle, Arrays().bind("x", in).bind("y", out))) == (second == 1 ? Codes{} : Codes{"R041"}));
}

TEST_CASE("blocks that meet nowhere on a grid do not race", "[checks]") {
  // Two queues write the tiles of a matrix in a chequered pattern; strides alone cannot tell them apart.
  TestBundle bundle;
  uint32_t x = bundle.argument("x", DType::f32, 64, Direction::in),
           y = bundle.argument("y", DType::f32, 3 * 100, Direction::out);
  int64_t shift = GENERATE(0, 1);
  bundle.addDma({6, 5}, dram(x, DType::f32, 0, {20, 4}), dram(y, DType::f32, 0, {28, 8}), dma, 0);
  bundle.addDma({3, 2}, dram(x, DType::f32, 0, {20, 4}), dram(y, DType::f32, 4 + 4 * shift, {80, 16}), dma, 1);
  std::vector<bool> touched(300);
  bool meets = false;
  for (int64_t i = 0; i < 6; ++i)
    for (int64_t j = 0; j < 5; ++j)
      touched[static_cast<size_t>(7 * i + 2 * j)] = true;
  for (int64_t i = 0; i < 3; ++i)
    for (int64_t j = 0; j < 2; ++j)
      meets |= touched[static_cast<size_t>(1 + shift + 20 * i + 4 * j)];
  std::vector<float> in(64), out(300);
  CHECK(codes(run(bundle, Arrays().bind("x", in).bind("y", out))) == (meets ? Codes{"R041"} : Codes{}));
}

TEST_CASE("two queues may read the same bytes", "[checks]") {
  TestBundle bundle;
  uint32_t x = bundle.argument("x", DType::f32, 64, Direction::in);
  for (uint32_t q = 0; q < 3; ++q)
    bundle.addDma({64}, dram(x, DType::f32, 0, {4}), access(Memory::scratchpad, q, DType::f32, 0, {4}), dma, q);
  std::vector<float> in(64);
  CHECK(codes(run(bundle, Arrays().bind("x", in))).empty());
}

TEST_CASE("order is passed on through a third queue", "[checks]") {
  Pair bundle;
  bundle.copyIn(0, dma);
  bundle.signal(0, dma);
  bundle.wait(0, 1, Unit::task_dma);
  bundle.signal(1, Unit::task_dma);
  bundle.wait(1, 1, engine);
  bundle.copyOut(0, engine);
  CHECK(codes(bundle.go()).empty());
}

TEST_CASE("a wait for as many signals as two producers make orders both, and for fewer neither", "[checks]") {
  Pair bundle;
  auto value = GENERATE(1u, 2u);
  bundle.addDma({32}, dram(bundle.x, DType::f32, 0, {4}), pad(DType::f32, 0, {4}), dma, 0);
  bundle.signal(0, dma, 0);
  bundle.addDma({32}, dram(bundle.x, DType::f32, 0, {4}), pad(DType::f32, 128, {4}), dma, 1);
  bundle.signal(0, dma, 1);
  bundle.wait(0, value, engine);
  bundle.copyOut(0, engine);
  CHECK(codes(bundle.go()) == (value == 2 ? Codes{} : Codes{"R041", "R041"}));
}

TEST_CASE("double buffering with two semaphores is clean", "[checks]") {
  // Eight tiles through two buffers: the loader runs at most two tiles ahead.
  TestBundle bundle;
  uint32_t x = bundle.argument("x", DType::f32, 8 * 16, Direction::in),
           y = bundle.argument("y", DType::f32, 8 * 16, Direction::out);
  for (uint32_t tile = 0; tile < 8; ++tile) {
    int64_t buffer = (tile % 2) * 64;
    if (tile >= 2)
      bundle.wait(1, tile - 1, dma);
    bundle.addDma({16}, dram(x, DType::f32, tile * 64, {4}), pad(DType::f32, buffer, {4}), dma);
    bundle.signal(0, dma);
    bundle.wait(0, tile + 1, engine);
    TestVector vector;
    vector.outer = {16};
    int in = vector.input(pad(DType::f32, buffer, {4}));
    vector.output(vector.step(Op::addf, DType::f32, in, in), dram(y, DType::f32, tile * 64, {4}));
    bundle.addVector(std::move(vector));
    bundle.signal(1, engine);
  }
  std::vector<float> in(128), out(128);
  for (size_t i = 0; i < in.size(); ++i)
    in[i] = static_cast<float>(i);
  CHECK(codes(run(bundle, Arrays().bind("x", in).bind("y", out))).empty());
  for (size_t i = 0; i < in.size(); ++i)
    CHECK(out[i] == 2 * in[i]);
}

TEST_CASE("RBLN-R042: a register is used before it is loaded", "[checks]") {
  TestBundle bundle;
  uint32_t x = bundle.argument("x", DType::f32, 16, Direction::in),
           n = bundle.argument("n", DType::i32, 1, Direction::in);
  uint32_t reg = bundle.addRegister(0, 8);
  bool loads = GENERATE(false, true);
  if (loads)
    bundle.loadScalar(reg, dram(n, DType::i32, 0, {}));
  bundle.addDma({8}, dram(x, DType::f32, 0, {4}, {Term(reg, 4)}), pad(DType::f32, 0, {4}));
  std::vector<float> in(16);
  std::vector<int32_t> value = {5};
  CHECK(codes(run(bundle, Arrays().bind("x", in).bind("n", value))) == (loads ? Codes{} : Codes{"R042"}));
}

TEST_CASE("RBLN-R041: a register is used without waiting for its load", "[checks]") {
  TestBundle bundle;
  uint32_t x = bundle.argument("x", DType::f32, 16, Direction::in),
           n = bundle.argument("n", DType::i32, 1, Direction::in);
  uint32_t reg = bundle.addRegister(0, 8);
  bool waits = GENERATE(false, true);
  bundle.loadScalar(reg, dram(n, DType::i32, 0, {}), Unit::command_processor);
  bundle.signal(0, Unit::command_processor);
  if (waits)
    bundle.wait(0, 1, dma);
  bundle.addDma({8}, dram(x, DType::f32, 0, {4}, {Term(reg, 4)}), pad(DType::f32, 0, {4}), dma);
  std::vector<float> in(16);
  std::vector<int32_t> value = {5};
  CHECK(codes(run(bundle, Arrays().bind("x", in).bind("n", value))) == (waits ? Codes{} : Codes{"R041"}));
}

TEST_CASE("RBLN-R043: divisions by zero are counted and warned about", "[checks]") {
  TestBundle bundle;
  uint32_t x = bundle.argument("x", DType::i32, 8, Direction::in),
           y = bundle.argument("y", DType::i32, 8, Direction::out);
  TestVector vector;
  vector.outer = {8};
  int in = vector.input(dram(x, DType::i32, 0, {4}));
  vector.output(vector.step(Op::divsi, DType::i32, in, in), dram(y, DType::i32, 0, {4}));
  bundle.addVector(std::move(vector));
  std::vector<int32_t> values = {1, 0, 3, 0, 5, 0, 7, 8}, out(8);
  RunResult result = run(bundle, Arrays().bind("x", values).bind("y", out));
  REQUIRE(codes(result) == Codes{"R043"});
  CHECK(result.findings[0].message == "command 0 of neural_engine 0 (vector) divides integers by zero 3 times");
  CHECK(result.findings[0].severity == Severity::Warning);
  CHECK(!result.hasErrors());
  CHECK(out == std::vector<int32_t>{1, 0, 1, 0, 1, 0, 1, 1});
}

TEST_CASE("findings of one kind are bounded", "[checks]") {
  Pair bundle;
  for (int i = 0; i < 100; ++i)
    bundle.copyOut(0);
  CHECK(bundle.go().findings.size() == RunResult::maxFindings);
}
