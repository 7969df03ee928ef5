// Memory planning and synchronisation of small programs written as npu IR.
#include "allocate/Allocate.h"
#include "schedule/Passes.h"

#include "rblnc/npu/Dialect.h"

#include "catch2/catch.hpp"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace rblnc;

namespace {

/// A program of transfers: each row is "queue source destination", by buffer name.
struct Planned {
  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  npu::ProgramOp program;
  Diagnostics diagnostics;

  explicit Planned(const std::string &body) {
    context.loadDialect<npu::NPUDialect>();
    module = parseSourceString<ModuleOp>("npu.program @k target \"t\" registers [] semaphores 0 {\n" + body + "\n}",
                                         &context);
    REQUIRE(module);
    program = *module->getOps<npu::ProgramOp>().begin();
  }
  bool allocate(int64_t scratchpad) {
    Target target;
    target.name = "t";
    target.scratchpadBytes = scratchpad;
    target.alignmentBytes = 64;
    return succeeded(plan::allocate(program, target, diagnostics));
  }
  std::map<std::string, int64_t> offsets() {
    std::map<std::string, int64_t> result;
    for (auto buffer : program.getOps<npu::BufferOp>())
      result[buffer.getName().str()] = static_cast<int64_t>(*buffer.getOffset());
    return result;
  }
};

std::string buffer(const std::string &name, int bytes) {
  return "%" + name + " = npu.buffer \"" + name + "\" scratchpad 0 bytes " + std::to_string(bytes) + "\n";
}
std::string copy(const std::string &queue, const std::string &from, const std::string &to) {
  return "npu.dma <" + queue + " 0> [16] %" + from + " <f32, 0, [1]> to %" + to + " <f32, 0, [1]>\n";
}

} // namespace

TEST_CASE("buffers that live at different times share an address") {
  Planned planned(buffer("a", 64) + buffer("b", 64) + buffer("c", 64) + copy("neural_dma", "a", "b") +
                  copy("neural_dma", "b", "c"));
  REQUIRE(planned.allocate(128));
  auto offsets = planned.offsets();
  CHECK(offsets["a"] != offsets["b"]);
  CHECK(offsets["b"] != offsets["c"]);
  CHECK(offsets["a"] == offsets["c"]);
}

TEST_CASE("a load gets a buffer that is free before the last load's result is used, if there is room") {
  std::string body = buffer("s", 64) + buffer("x", 64) + buffer("y", 64) + buffer("o", 64) +
                     copy("neural_dma", "s", "x") + copy("task_dma", "x", "o") + copy("neural_dma", "s", "y") +
                     copy("task_dma", "y", "o");
  Planned roomy(body), tight(body);
  REQUIRE(roomy.allocate(256));
  CHECK(roomy.offsets()["x"] != roomy.offsets()["y"]);
  REQUIRE(tight.allocate(192));
  CHECK(tight.offsets()["x"] == tight.offsets()["y"]);
}

TEST_CASE("what does not fit is an error that names every live buffer and its size") {
  Planned planned(buffer("a", 64) + buffer("b", 1000) + copy("neural_dma", "a", "b"));
  CHECK_FALSE(planned.allocate(1024));
  REQUIRE(planned.diagnostics.all().size() == 1);
  const rblnc::Diagnostic &diagnostic = planned.diagnostics.all()[0];
  CHECK(diagnostic.code == Code::P001);
  CHECK(diagnostic.message.find("1088 bytes") != std::string::npos); // 64 and 1000, each aligned to 64
  REQUIRE(diagnostic.notes.size() == 2);
  CHECK(diagnostic.notes[0].message.find("'b' is live here with 1024") != std::string::npos);
}

TEST_CASE("unused buffers take no memory") {
  Planned planned(buffer("a", 64) + buffer("b", 64) + buffer("unused", 4096) + copy("neural_dma", "a", "b"));
  REQUIRE(planned.allocate(128));
  CHECK(planned.offsets().size() == 2);
}

TEST_CASE("a read on another queue waits for the write") {
  Planned planned(buffer("a", 64) + buffer("b", 64) + buffer("c", 64) + copy("neural_dma", "a", "b") +
                  copy("task_dma", "b", "c"));
  REQUIRE(planned.allocate(4096));
  plan::synchronize(planned.program);
  auto waits = llvm::to_vector(planned.program.getOps<npu::WaitOp>());
  auto signals = llvm::to_vector(planned.program.getOps<npu::SignalOp>());
  REQUIRE(waits.size() == 1);
  REQUIRE(signals.size() == 1);
  CHECK(waits[0].getQueue().getUnit() == npu::Unit::TaskDma);
  CHECK(waits[0].getSemaphore() == signals[0].getSemaphore());
  CHECK(waits[0].getValue() == 1);
}

TEST_CASE("commands of one queue and independent commands need no synchronisation") {
  Planned planned(buffer("a", 64) + buffer("b", 64) + buffer("c", 64) + buffer("d", 64) + copy("neural_dma", "a", "b") +
                  copy("task_dma", "c", "d") + copy("neural_dma", "b", "a"));
  REQUIRE(planned.allocate(4096));
  plan::synchronize(planned.program);
  CHECK(planned.program.getOps<npu::WaitOp>().empty());
  CHECK(planned.program.getOps<npu::SignalOp>().empty());
}

TEST_CASE("a write waits for the reads of what it replaces, also through a shared address") {
  // `c` takes the address of `a`, which task_dma still reads.
  Planned planned(buffer("a", 64) + buffer("b", 64) + buffer("c", 64) + buffer("d", 64) + copy("task_dma", "a", "b") +
                  copy("neural_dma", "d", "c") + copy("neural_dma", "c", "d"));
  REQUIRE(planned.allocate(192));
  auto offsets = planned.offsets();
  REQUIRE((offsets["c"] == offsets["a"] || offsets["c"] == offsets["b"] || offsets["d"] == offsets["a"] ||
           offsets["d"] == offsets["b"]));
  plan::synchronize(planned.program);
  auto waits = llvm::to_vector(planned.program.getOps<npu::WaitOp>());
  REQUIRE(waits.size() == 1);
  CHECK(waits[0].getQueue().getUnit() == npu::Unit::NeuralDma);
}

TEST_CASE("a wait that an earlier one implies is left out") {
  Planned planned(buffer("a", 64) + buffer("b", 64) + buffer("c", 64) + buffer("d", 64) + copy("neural_dma", "a", "b") +
                  copy("neural_dma", "a", "c") + copy("task_dma", "c", "d") + copy("task_dma", "b", "d"));
  REQUIRE(planned.allocate(4096));
  plan::synchronize(planned.program);
  auto waits = llvm::to_vector(planned.program.getOps<npu::WaitOp>());
  REQUIRE(waits.size() == 1);
  CHECK(waits[0].getValue() == 1);
}
