// The chain as a whole, as the command line and the library call it.
#include "rblnc/driver/Compiler.h"
#include "rblnc/bundle/Reader.h"
#include "rblnc/bundle/Writer.h"
#include "rblnc/frontend/Frontend.h"
#include "rblnc/plan/Plan.h"

#include "catch2/catch.hpp"

using namespace rblnc;

namespace {

Input kernel() {
  Diagnostics diagnostics;
  auto input = readInput(RBLNC_SOURCE_DIR "/kernels/ttir/3.6.0/vector_add.r64c64.raw.ttir", diagnostics);
  REQUIRE(input);
  return std::move(*input);
}

CompileOptions optionsFor(Emit emit) {
  CompileOptions options;
  options.targets.push_back(*llvm::cantFail(findTarget("rbln-ca22")));
  options.emit = emit;
  options.producer = "test";
  return options;
}

} // namespace

TEST_CASE("a compiled bundle opens, and says how it was made", "[driver]") {
  CompileOptions options = optionsFor(Emit::bundle);
  options.naivePartitionSkip = true;
  Diagnostics diagnostics;
  auto bytes = compile(kernel(), options, diagnostics);
  REQUIRE(bytes);
  auto bundle = bundle::openBundle(llvm::MemoryBuffer::getMemBufferCopy(*bytes, "test.rbln"));
  REQUIRE(static_cast<bool>(bundle));
  const bundle::Provenance &provenance = *(*bundle)->provenance();
  CHECK(provenance.producer()->str() == "test");
  std::vector<std::string> texts;
  for (const flatbuffers::String *text : *provenance.options())
    texts.push_back(text->str());
  CHECK(texts == std::vector<std::string>{"--target=rbln-ca22", "--naive-partition-skip"});
}

TEST_CASE("steps are told in their order, and only those that are taken", "[driver]") {
  std::vector<std::string> steps, passes;
  CompileOptions options = optionsFor(GENERATE(Emit::bundle, Emit::npu, Emit::rblnIR, Emit::tt));
  options.onStep = [&](const StepReport &step) {
    CHECK(step.milliseconds >= 0);
    CHECK(step.done);
    CHECK(step.target.empty());
    CHECK(step.operations() > 0);
    CHECK((step.partOf.empty() || step.partOf == "plan"));
    (step.partOf.empty() ? steps : passes).emplace_back(step.name);
  };
  Diagnostics diagnostics;
  REQUIRE(compile(kernel(), options, diagnostics));
  bool isPlanned = options.emit == Emit::bundle || options.emit == Emit::npu;
  std::vector<std::string> planning(planPasses().begin(), planPasses().end());
  CHECK(passes == (isPlanned ? planning : std::vector<std::string>()));
  std::vector<std::string> all = {"parse", "simplify", "check", "lower", "plan", "encode", "verify", "prove"};
  size_t count = options.emit == Emit::bundle   ? 8
                 : options.emit == Emit::npu    ? 5
                 : options.emit == Emit::rblnIR ? 4
                                                : 2;
  CHECK(steps == std::vector<std::string>(all.begin(), all.begin() + static_cast<ptrdiff_t>(count)));
}

TEST_CASE("a kernel in RBLN IR gives the program that it was made from", "[driver]") {
  Diagnostics diagnostics;
  auto text = compile(kernel(), optionsFor(Emit::rblnIR), diagnostics);
  REQUIRE(text);
  Input ir{"kernel.mlir", llvm::MemoryBuffer::getMemBufferCopy(*text, "kernel.mlir")};
  auto direct = compile(kernel(), optionsFor(Emit::npu), diagnostics);
  auto again = compile(ir, optionsFor(Emit::npu), diagnostics);
  REQUIRE(direct);
  CHECK(direct == again);
}

TEST_CASE("device commands give the bundle that they were made from, but for its texts and provenance", "[driver]") {
  Diagnostics diagnostics;
  auto text = compile(kernel(), optionsFor(Emit::npu), diagnostics);
  REQUIRE(text);
  Input commands{"kernel.npu.mlir", llvm::MemoryBuffer::getMemBufferCopy(*text, "kernel.npu.mlir")};
  auto contents = [&](const Input &input) {
    auto bytes = compile(input, optionsFor(Emit::bundle), diagnostics);
    REQUIRE(bytes);
    auto bundle = llvm::cantFail(bundle::openBundle(llvm::MemoryBuffer::getMemBufferCopy(*bytes, "test.rbln")));
    std::unique_ptr<bundle::BundleT> unpacked(bundle->UnPack());
    unpacked->ttir.clear();
    unpacked->rbln_ir.clear();
    unpacked->provenance.reset();
    return llvm::cantFail(bundle::writeBundle(*unpacked));
  };
  CHECK(contents(kernel()) == contents(commands));
}

TEST_CASE("a bundle for several targets shares what does not depend on them", "[driver]") {
  CompileOptions options = optionsFor(Emit::bundle);
  options.targets.push_back(*llvm::cantFail(findTarget("rbln-cr03")));
  std::vector<std::string> plans;
  options.onStep = [&](const StepReport &step) {
    if (step.name == "plan")
      plans.emplace_back(step.target);
  };
  Diagnostics diagnostics;
  auto bytes = compile(kernel(), options, diagnostics);
  REQUIRE(bytes);
  CHECK(plans == std::vector<std::string>{"rbln-ca22", "rbln-cr03"});
  auto bundle = llvm::cantFail(bundle::openBundle(llvm::MemoryBuffer::getMemBufferCopy(*bytes, "test.rbln")));
  REQUIRE(bundle->programs()->size() == 2);
  CHECK(bundle->signature()->size() == 3);
  CHECK(bundle->targets()->Get(bundle->programs()->Get(1)->target())->name()->str() == "rbln-cr03");
  CHECK(bundle->provenance()->options()->Get(0)->str() == "--target=rbln-ca22,rbln-cr03");
}
