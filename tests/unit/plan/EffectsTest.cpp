// What each kind of command reads and writes, and what an access waits for.
#include "analysis/Hazards.h"
#include "analysis/Transfer.h"

#include "rblnc/rbln/Dialect.h"

#include "catch2/catch.hpp"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace rblnc;
using namespace rblnc::plan;

namespace {

struct Program {
  MLIRContext context;
  OwningOpRef<ModuleOp> module;

  explicit Program(const std::string &body) {
    context.loadDialect<npu::NPUDialect, rbln::RBLNDialect, arith::ArithDialect>();
    module = parseSourceString<ModuleOp>(
        "npu.program @k target \"rbln-ca22\" registers [#npu.register<0, 3, \"i\">, #npu.register<0, 3, \"j\">] "
        "semaphores 0 {\n%x = npu.argument \"x\" f32 [4096] \"inout\"\n"
        "%t = npu.buffer \"t\" scratchpad 0 bytes 4096 at 0\n%u = npu.buffer \"u\" scratchpad 0 bytes 4096 at 4096\n" +
            body + "\n}",
        &context);
    REQUIRE(module);
  }

  Effects effects() {
    npu::ProgramOp program = *module->getOps<npu::ProgramOp>().begin();
    return effectsOf(&program.getBody().front().back());
  }
};

/// How often a memory (the result of that number) is read and written.
std::pair<int, int> touchesOf(const Effects &effects, const std::string &name) {
  int reads = 0, writes = 0;
  for (const Touch &touch : effects.touches) {
    auto buffer = touch.memory.getDefiningOp<npu::BufferOp>();
    if ((buffer ? buffer.getName().str() : "x") == name)
      (touch.isWrite ? writes : reads) += 1;
  }
  return {reads, writes};
}

int64_t bytesOfIndex(const Touch &touch) { return touch.access.getElement().isInteger(1) ? 1 : 4; }

using Count = std::pair<int, int>;
using Registers = SmallVector<int64_t, 2>;

} // namespace

TEST_CASE("a transfer reads its source, writes its destination, and reads every register of either and of its clips") {
  Program plain("npu.dma <neural_dma 0> [64] %x <f32, 0, [1], registers [1], scales [64]> to %t <f32, 0, [1]>");
  CHECK(touchesOf(plain.effects(), "x") == Count{1, 0});
  CHECK(touchesOf(plain.effects(), "t") == Count{0, 1});
  CHECK(plain.effects().registersRead == Registers{1});
  for (int64_t reg : {0, 1}) {
    Program clipped(
        "npu.dma <neural_dma 0> [64] %x <f32, 0, [1]> to %t <f32, 0, [1]> clips [#npu.clip<axis = 0, lo = 0, "
        "hi = 0, reg = " +
        std::to_string(reg) + ", hi_scale = 16>]");
    CHECK(clipped.effects().registersRead == Registers{reg});
  }
  Program fixed(
      "npu.dma <neural_dma 0> [64] %x <f32, 0, [1]> to %t <f32, 0, [1]> clips [#npu.clip<axis = 0, lo = 2, hi = 9>]");
  CHECK(fixed.effects().registersRead.empty());
}

TEST_CASE("a fill writes what lies outside of the clips too") {
  const std::string dma =
      "npu.dma <neural_dma 0> [64] %x <f32, 0, [1]> to %t <f32, 0, [1]> clips [#npu.clip<axis = 0, lo = 2, "
      "hi = 9>]";
  for (bool hasFill : {false, true}) {
    Program program(dma + (hasFill ? " fill 0.0 : f32" : ""));
    Effects effects = program.effects();
    REQUIRE(effects.touches.size() == 2);
    for (const Touch &touch : effects.touches)
      CHECK(static_cast<bool>(touch.clips) == !(hasFill && touch.isWrite));
  }
}

TEST_CASE("a product reads where it starts") {
  for (bool hasStart : {false, true}) {
    Program program(
        std::string("npu.matmul <neural_engine 0> [] [4, 4, 4] %t <f32, 0, [4, 0, 1]>, %t <f32, 16, [0, 1, 4]> ") +
        (hasStart ? "plus %u <f32, 0, [4, 1, 0]> " : "") + "to %u <f32, 64, [4, 1, 0]>");
    CHECK(touchesOf(program.effects(), "t") == Count{2, 0});
    CHECK(touchesOf(program.effects(), "u") == Count{hasStart ? 1 : 0, 1});
  }
}

TEST_CASE("a vector program reads its inputs and writes its outputs; a load of a register writes it") {
  Program vector(
      "npu.vector <neural_engine 0> [] [4] ins(%t, %t) [#npu.access<f32, 0, [1]>, #npu.access<f32, 4, [1], registers "
      "[1], scales [4]>] outs(%u) [#npu.access<f32, 0, [1]>] {\n^bb0(%a: f32, %b: f32):\nnpu.yield %b : f32\n}");
  CHECK(touchesOf(vector.effects(), "t") == Count{2, 0});
  CHECK(touchesOf(vector.effects(), "u") == Count{0, 1});
  CHECK(vector.effects().registersRead == Registers{1});
  Program load("npu.load_scalar <command_processor 0> 1 %t <i32, 3, []>");
  CHECK(touchesOf(load.effects(), "t") == Count{1, 0});
  CHECK(load.effects().registerWritten == 1);
  CHECK(load.effects().registersRead.empty());
  Program checked(
      "npu.load_scalar <command_processor 0> 1 %t <i32, 3, []> checks [#npu.overflow<\"+\", 32, registers [0], [1, 1, "
      "1], [0, 0, 0] unless [0, 1], loc(unknown)>]");
  // Its own register is not one that was there before.
  CHECK(checked.effects().registersRead == Registers{0, 0});
}

TEST_CASE("a transfer of chosen rows reaches every row that there is, and reads its indices and its mask") {
  for (const char *kind : {"gather", "scatter"}) {
    bool gathers = std::string(kind) == "gather";
    Program program(std::string("npu.indexed_dma <neural_dma 0> ") + kind + " [4, 8] axis 0 of 16 " +
                    (gathers ? "%x <f32, 0, [8, 1]>" : "%t <f32, 512, [8, 1]>") +
                    " by %u <i32, 0, [1, 0], registers [1], scales [4]> mask %u <i1, 64, [1, 0]> to " +
                    (gathers ? "%t <f32, 512, [8, 1]>" : "%x <f32, 0, [8, 1]>") +
                    " clips [#npu.clip<axis = 1, lo = 0, hi = 0, reg = 0, hi_scale = 2>]");
    Effects effects = program.effects();
    CHECK(touchesOf(effects, "x") == (gathers ? Count{1, 0} : Count{0, 1}));
    CHECK(touchesOf(effects, "t") == (gathers ? Count{0, 1} : Count{1, 0}));
    CHECK(touchesOf(effects, "u") == Count{2, 0});
    CHECK(effects.registersRead == Registers{1, 0});
    REQUIRE(effects.touches.size() == 4);
    for (const Touch &touch : effects.touches) {
      bool isTable = touch.memory.getDefiningOp<npu::ArgumentOp>() != nullptr;
      CHECK(touch.shape == SmallVector<int64_t, 4>{isTable ? 16 : 4, 8});
      // Though any row may be chosen, only so many are.
      CHECK(bytesTouched(touch) == (touch.access.getElement().isF32() ? 128 : 4 * bytesOfIndex(touch)));
    }
  }
}

namespace {

/// What an access of a space depends on, by queue of four. In a branch, positions up to `border` lie before it.
std::vector<Position> needsOf(Space &space, bool isWrite, int queue, Position position, int64_t begin = 0,
                              int64_t end = 64, int branch = -1, Position border = 1000) {
  Dependence needs{branch, Needs(4, border), Needs(4, 0), Needs(4, 0)};
  space.touch(begin, end, isWrite, queue, position, needs);
  std::vector<Position> all;
  for (auto [before, inside] : llvm::zip(needs.before, needs.inside))
    all.push_back(branch < 0 ? before : before * 100 + inside);
  return all;
}

using Positions = std::vector<Position>;

} // namespace

TEST_CASE("a write waits for the last write and for every read since, a read for the write alone") {
  Space space;
  CHECK(needsOf(space, true, 0, 1) == Positions{0, 0, 0, 0});
  CHECK(needsOf(space, false, 1, 1) == Positions{1, 0, 0, 0});
  CHECK(needsOf(space, false, 2, 1) == Positions{1, 0, 0, 0});
  CHECK(needsOf(space, true, 3, 1) == Positions{1, 1, 1, 0});
  CHECK(needsOf(space, false, 0, 2) == Positions{0, 0, 0, 1});
  // One byte is enough, and its neighbor is not.
  CHECK(needsOf(space, false, 1, 2, 63, 70) == Positions{0, 0, 0, 1});
  CHECK(needsOf(space, true, 2, 2, 64, 65) == Positions{0, 2, 0, 0});
  CHECK(needsOf(space, true, 2, 3, 70, 80) == Positions{0, 0, 0, 0});
}

TEST_CASE("in a branch, what was there before it is waited for too: what is inside may be skipped") {
  Space space;
  needsOf(space, true, 0, 1);
  // Before the branch counts a hundred times.
  CHECK(needsOf(space, true, 1, 2, 0, 64, 0, 1) == Positions{100, 0, 0, 0});
  CHECK(needsOf(space, false, 2, 2, 0, 64, 0, 1) == Positions{100, 2, 0, 0});
  CHECK(needsOf(space, false, 3, 2, 0, 64, 0, 1) == Positions{100, 2, 0, 0});
  // Another branch: what the first one did lies before it.
  CHECK(needsOf(space, true, 0, 4, 0, 64, 1, 3) == Positions{0, 200, 200, 200});
}
