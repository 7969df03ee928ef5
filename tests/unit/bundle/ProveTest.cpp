// The proof that queues do not race: what it must find, and what it must not.
#include "bundle/Build.h"

#include "rblnc/bundle/Prove.h"

using namespace rblnc::test;
using rblnc::Code;
using rblnc::Diagnostic;

namespace {

constexpr Unit engine = Unit::neural_engine, dma = Unit::neural_dma, task = Unit::task_dma;

/// Arrays of 4096 bytes that every queue may write, an input of registers, and two registers in [0, 7].
struct Pair : TestBundle {
  uint32_t x = argument("x", DType::f32, 1024, Direction::in), y = argument("y", DType::f32, 1024, Direction::inout);
  uint32_t n = argument("n", DType::i32, 4, Direction::in);
  uint32_t r = addRegister(0, 7, "r"), s = addRegister(0, 7, "s");

  /// Writes `count` floats of the scratchpad.
  void fill(int64_t offset, Unit unit, int64_t count = 64) {
    addDma({count}, dram(x, DType::f32, 0, {4}), pad(DType::f32, offset, {4}), unit);
  }
  /// Reads them.
  void drain(int64_t offset, Unit unit, int64_t count = 64) {
    addDma({count}, pad(DType::f32, offset, {4}), dram(y, DType::f32, 2048, {4}), unit);
  }
  /// Writes y.
  void store(Unit unit, std::vector<int64_t> shape, int64_t offset, Strides strides, std::vector<Term> terms = {},
             std::vector<Clip> clips = {}) {
    DmaT body;
    body.source = pad(DType::f32, unit == dma ? 8192 : 65536, Strides(shape.size(), 0));
    body.shape = std::move(shape);
    body.destination = dram(y, DType::f32, offset, std::move(strides), std::move(terms));
    body.clips = std::move(clips);
    add(std::move(body), unit);
  }
  void load(uint32_t reg, Unit unit = Unit::command_processor, int64_t offset = 0) {
    loadScalar(reg, dram(n, DType::i32, offset, {}), unit);
  }
  /// Both registers are loaded before the two queues begin.
  void loadBoth() {
    load(r);
    load(s);
    signal(9, Unit::command_processor);
    wait(9, 1, dma);
    wait(9, 1, engine);
  }

  std::vector<Diagnostic> faults() const {
    auto bundle = openBytes(bytes());
    if (!bundle)
      FAIL(rblnc::toDiagnostic(bundle.takeError()).message);
    return findUnordered(**bundle, Code::X002);
  }
  bool isProven() const { return faults().empty(); }
};

} // namespace

TEST_CASE("a missing wait is a race, told with both commands and their bytes", "[prove]") {
  Pair bundle;
  bool waits = GENERATE(false, true);
  bundle.fill(0, dma);
  bundle.signal(0, dma);
  if (waits)
    bundle.wait(0, 1, engine);
  bundle.drain(128, engine);
  auto faults = bundle.faults();
  REQUIRE(faults.size() == (waits ? 0 : 1));
  if (waits)
    return;
  CHECK(faults[0].code == Code::X002);
  CHECK(faults[0].message.find("command 0 of neural_engine 0 (dma)") != std::string::npos);
  CHECK(faults[0].message.find("command 0 of neural_dma 0 (dma)") != std::string::npos);
  CHECK(faults[0].message.find("bytes 128 to 383 with byte 128 of scratchpad 0") != std::string::npos);
  CHECK(faults[0].message.find("bytes 0 to 255") != std::string::npos);
  REQUIRE(faults[0].frames.size() == 1);
  CHECK(faults[0].frames[0].str() == "kernel.py:12");
  REQUIRE(faults[0].notes.size() == 1);
  CHECK(!faults[0].notes[0].frames.empty());
}

TEST_CASE("readers need no order, and an overwritten reader does", "[prove]") {
  Pair bundle;
  bool writes = GENERATE(false, true);
  bundle.fill(0, dma);
  bundle.signal(0, dma);
  bundle.wait(0, 1, engine);
  bundle.addDma({64}, pad(DType::f32, 0, {4}), pad(DType::f32, 4096, {4}), engine);
  if (writes)
    bundle.fill(0, dma);
  else
    bundle.drain(0, dma);
  CHECK(bundle.isProven() == !writes);
}

TEST_CASE("order is handed on from queue to queue", "[prove]") {
  Pair bundle;
  bool isEarly = GENERATE(false, true);
  bundle.fill(0, dma);
  bundle.signal(0, dma);
  if (isEarly)
    bundle.signal(1, task);
  bundle.wait(0, 1, task);
  if (!isEarly)
    bundle.signal(1, task);
  bundle.wait(1, 1, engine);
  bundle.drain(0, engine);
  CHECK(bundle.isProven() == !isEarly);
}

TEST_CASE("a wait proves only signals that the others cannot make up for", "[prove]") {
  Pair bundle;
  uint32_t value = GENERATE(1u, 2u);
  bundle.fill(0, dma);
  bundle.signal(0, dma);
  bundle.signal(0, task);
  bundle.wait(0, value, engine);
  bundle.drain(0, engine);
  CHECK(bundle.isProven() == (value == 2));
}

TEST_CASE("the n-th signal is proven by a wait for n", "[prove]") {
  Pair bundle;
  uint32_t value = GENERATE(1u, 2u);
  bundle.fill(1024, dma);
  bundle.signal(0, dma);
  bundle.fill(0, dma);
  bundle.signal(0, dma);
  bundle.wait(0, value, engine);
  bundle.drain(0, engine);
  CHECK(bundle.isProven() == (value == 2));
}

TEST_CASE("interleaved columns are apart, and one column too wide is not", "[prove]") {
  Pair bundle;
  int64_t width = GENERATE(8, 9);
  bundle.store(dma, {16, width}, 0, {64, 4});
  bundle.store(engine, {16, 8}, 32, {64, 4});
  CHECK(bundle.isProven() == (width == 8));
}

TEST_CASE("strides that share no period are compared exactly", "[prove]") {
  // 0, 24, 48 … 216 against 4 + 36 i, or against 12 + 36 i, which has 48.
  Pair bundle;
  int64_t offset = GENERATE(4, 12);
  bundle.store(dma, {10}, 0, {24});
  bundle.store(engine, {6}, offset, {36});
  CHECK(bundle.isProven() == (offset == 4));
}

TEST_CASE("one register moves both, two may put them anywhere", "[prove]") {
  Pair bundle;
  bool isSame = GENERATE(true, false);
  bundle.loadBoth();
  bundle.store(dma, {8}, 0, {4}, {Term(bundle.r, 32)});
  bundle.store(engine, {8}, 32, {4}, {Term(isSame ? bundle.r : bundle.s, 32)});
  CHECK(bundle.isProven() == isSame);
}

TEST_CASE("a register that is loaded twice is not one value", "[prove]") {
  Pair bundle;
  bool isTwice = GENERATE(false, true);
  bundle.load(bundle.r);
  bundle.signal(0, Unit::command_processor);
  bundle.wait(0, 1, dma);
  bundle.wait(0, 1, engine);
  bundle.store(dma, {8}, 0, {4}, {Term(bundle.r, 32)});
  if (isTwice) {
    bundle.signal(1, dma);
    bundle.signal(2, engine);
    bundle.wait(1, 1, Unit::command_processor);
    bundle.wait(2, 1, Unit::command_processor);
    bundle.load(bundle.r, Unit::command_processor, 4);
    bundle.signal(0, Unit::command_processor);
    bundle.wait(0, 2, engine);
  }
  bundle.store(engine, {8}, 32, {4}, {Term(bundle.r, 32)});
  // The second load waits for both stores of before, so they are ordered, whatever the second value is.
  CHECK(bundle.isProven());
  // Without its wait for the first store, that may meet the last one.
  if (isTwice) {
    auto &waits = bundle.queue(Unit::command_processor).commands;
    waits.erase(waits.begin() + 2);
    CHECK(!bundle.isProven());
  }
}

TEST_CASE("rows in front of a register are apart from the rows behind it", "[prove]") {
  // Rows of 32 bytes: the first ones, less than r, against row r itself and the next.
  Pair bundle;
  int64_t limit = GENERATE(0, 1);
  bundle.loadBoth();
  bundle.store(dma, {8, 8}, 0, {32, 4}, {}, {Clip(0, static_cast<int>(bundle.r), 0, 0, limit, 1)});
  bundle.store(engine, {2, 8}, 0, {32, 4}, {Term(bundle.r, 32)});
  CHECK(bundle.isProven() == (limit == 0));
}

TEST_CASE("a clip keeps rows inside of their block", "[prove]") {
  // Rows r and r + 1 of the first eight, against the ninth, which only an unclipped row can be.
  Pair bundle;
  bool isClipped = GENERATE(true, false);
  bundle.loadBoth();
  std::vector<Clip> clips;
  if (isClipped)
    clips.push_back(Clip(0, static_cast<int>(bundle.r), 0, 0, 8, -1));
  bundle.store(dma, {2, 8}, 0, {32, 4}, {Term(bundle.r, 32)}, clips);
  bundle.store(engine, {8}, 256, {4});
  CHECK(bundle.isProven() == isClipped);
}

TEST_CASE("what is clipped away, or has no element, is not touched", "[prove]") {
  Pair bundle;
  bundle.store(dma, {64}, 0, {4}, {}, {Clip(0, -1, 0, 0, 8, 0)});
  bundle.store(engine, {8}, 32, {4});
  bundle.store(dma, {0, 64}, 32, {4, 4});
  CHECK(bundle.isProven());
}

TEST_CASE("numbers of 63 bits are proven in the safe direction", "[prove]") {
  Pair bundle;
  bundle.program().registers[bundle.r]->min = INT64_MIN;
  bundle.program().registers[bundle.r]->max = INT64_MAX;
  bundle.loadBoth();
  // All rows that the clip leaves are inside.
  bundle.store(dma, {8, 8}, 0, {32, 4}, {Term(bundle.r, 32)}, {Clip(0, static_cast<int>(bundle.r), 0, -1, 8, -1)});
  bool meets = GENERATE(false, true);
  bundle.store(engine, {8}, meets ? 128 : 256, {4});
  CHECK((!meets || !bundle.isProven()));
}

TEST_CASE("arrays of different arguments are apart, whatever their offsets", "[prove]") {
  Pair bundle;
  uint32_t z = bundle.argument("z", DType::f32, 1024, Direction::inout);
  bundle.store(dma, {64}, 0, {4});
  bundle.addDma({64}, pad(DType::f32, 65536, {4}), dram(z, DType::f32, 0, {4}), engine);
  CHECK(bundle.isProven());
}

TEST_CASE("a check reads its registers, but not the one that it is about", "[prove]") {
  Pair bundle;
  auto check = std::make_unique<OverflowCheckT>();
  check->width = 32;
  bool isCondition = GENERATE(false, true);
  auto [other, isRight] =
      GENERATE(table<std::string, bool>({{"own", true}, {"loaded", true}, {"late", false}, {"no", false}}));
  uint32_t reg = other == "own" ? bundle.r : bundle.s;
  if (isCondition)
    check->unless = {reg};
  else if (other != "own")
    check->registers = {reg};
  check->lhs.assign(check->registers.size() + 2, 1);
  check->rhs.assign(check->registers.size() + 2, 0);
  if (other == "loaded" || other == "late")
    bundle.load(bundle.s, other == "late" ? dma : Unit::command_processor);
  LoadScalarT load;
  load.register_ = bundle.r;
  load.source = dram(bundle.n, DType::i32, 0, {});
  load.checks.push_back(std::move(check));
  bundle.add(std::move(load), Unit::command_processor);
  CHECK(bundle.isProven() == isRight);
}
