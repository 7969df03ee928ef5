// The proof where commands may be skipped.
#include "bundle/Build.h"

#include "rblnc/bundle/Prove.h"

using namespace rblnc::test;
using rblnc::Code;
using rblnc::Diagnostic;

namespace {

constexpr Unit engine = Unit::neural_engine, dma = Unit::neural_dma, task = Unit::task_dma;
constexpr Unit processor = Unit::command_processor;

/// Two registers that every queue may use from its beginning.
struct Branches : TestBundle {
  uint32_t x = argument("x", DType::f32, 1024, Direction::in), y = argument("y", DType::f32, 1024, Direction::inout);
  uint32_t n = argument("n", DType::i32, 4, Direction::in);
  uint32_t r = addRegister(0, 7, "r"), s = addRegister(0, 7, "s");

  Branches() {
    loadScalar(r, dram(n, DType::i32, 0, {}), processor);
    loadScalar(s, dram(n, DType::i32, 4, {}), processor);
    signal(9, processor);
    for (Unit unit : {engine, dma, task})
      wait(9, 1, unit);
  }
  void fill(Unit unit, int64_t offset = 0) {
    addDma({64}, dram(x, DType::f32, 0, {4}), pad(DType::f32, offset, {4}), unit);
  }
  void drain(Unit unit, int64_t offset = 0) {
    addDma({64}, pad(DType::f32, offset, {4}), dram(y, DType::f32, 1024 * (unit == engine), {4}), unit);
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

TEST_CASE("a branch's signal orders what is skipped with it, and nothing else", "[prove]") {
  Branches bundle;
  bool isInside = GENERATE(true, false);
  bundle.skip(bundle.r, true, 2, dma);
  bundle.fill(dma);
  bundle.signal(0, dma);
  bundle.skip(bundle.r, true, isInside ? 2 : 1, engine);
  bundle.wait(0, 1, engine);
  bundle.drain(engine);
  // The drain outside needs the wait only where the fill ran, and there the wait did.
  CHECK(bundle.isProven());
}

TEST_CASE("a wait that may be skipped while the writer is not orders nothing", "[prove]") {
  Branches bundle;
  bundle.fill(dma);
  bundle.signal(0, dma);
  bundle.skip(bundle.r, true, 1, engine);
  bundle.wait(0, 1, engine);
  bundle.drain(engine);
  CHECK(!bundle.isProven());
}

TEST_CASE("the same test in another way is another branch", "[prove]") {
  Branches bundle;
  bool isOpposite = GENERATE(true, false);
  bundle.skip(bundle.r, true, 1, dma);
  bundle.fill(dma);
  bundle.skip(isOpposite ? bundle.r : bundle.s, !isOpposite, 1, engine);
  bundle.drain(engine);
  CHECK(bundle.isProven() == isOpposite);
}

TEST_CASE("branches on a register that is loaded twice may both be taken", "[prove]") {
  Branches bundle;
  bundle.signal(1, dma);
  bundle.signal(1, engine);
  bundle.wait(1, 2, processor);
  bundle.loadScalar(bundle.r, dram(bundle.n, DType::i32, 8, {}), processor);
  bundle.signal(9, processor);
  bundle.wait(9, 2, dma);
  bundle.wait(9, 2, engine);
  bundle.skip(bundle.r, true, 1, dma);
  bundle.fill(dma);
  bundle.skip(bundle.r, false, 1, engine);
  bundle.drain(engine);
  CHECK(!bundle.isProven());
}

TEST_CASE("what a branch has learned is handed on by signals outside of it", "[prove]") {
  // The fill and the task's wait for it run together; the engine waits only for the task's exit.
  Branches bundle;
  bool waits = GENERATE(true, false);
  bundle.skip(bundle.r, true, 2, dma);
  bundle.fill(dma);
  bundle.signal(0, dma);
  bundle.skip(bundle.r, true, 1, task);
  if (waits)
    bundle.wait(0, 1, task);
  else
    bundle.signal(3, task);
  bundle.signal(1, task);
  bundle.wait(1, 1, engine);
  bundle.drain(engine);
  CHECK(bundle.isProven() == waits);
}

TEST_CASE("nested branches", "[prove]") {
  Branches bundle;
  bool isOpposite = GENERATE(true, false);
  bundle.skip(bundle.r, true, 3, dma);
  bundle.skip(bundle.s, true, 2, dma);
  bundle.fill(dma);
  bundle.signal(0, dma);
  bundle.skip(bundle.s, true, 2 + 1, engine);
  bundle.skip(bundle.r, !isOpposite, 2, engine);
  bundle.fill(engine, 4096);
  bundle.drain(engine);
  // Either they run together without a wait, or never.
  CHECK(bundle.isProven() == isOpposite);
}

TEST_CASE("a register is used only after it is loaded", "[prove]") {
  Branches bundle;
  uint32_t late = bundle.addRegister(0, 7, "late");
  SECTION("never loaded") {
    bundle.skip(late, true, 0, engine);
    auto faults = bundle.faults();
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].message.find("uses register 2") != std::string::npos);
  }
  SECTION("loaded without order") {
    bundle.loadScalar(late, dram(bundle.n, DType::i32, 8, {}), processor);
    bundle.skip(late, true, 0, engine);
    auto faults = bundle.faults();
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].message.find("nothing orders it") != std::string::npos);
  }
  SECTION("loaded after") {
    bundle.skip(late, true, 0, engine);
    bundle.signal(0, engine);
    bundle.wait(0, 1, processor);
    bundle.loadScalar(late, dram(bundle.n, DType::i32, 8, {}), processor);
    CHECK(!bundle.isProven());
  }
  SECTION("loaded where something else is not skipped") {
    bool isSame = GENERATE(false, true);
    bundle.skip(bundle.r, true, 1, engine);
    bundle.loadScalar(late, dram(bundle.n, DType::i32, 8, {}), engine);
    bundle.skip(isSame ? bundle.r : bundle.s, true, 1, engine);
    bundle.skip(late, true, 0, engine);
    CHECK(bundle.isProven() == isSame);
  }
}
