// Reading, parsing and the era of a text.
#include "rblnc/frontend/Frontend.h"
#include "rblnc/triton/Location.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/MLIRContext.h"

#include "llvm/Support/raw_ostream.h"

#include <catch2/catch.hpp>

using namespace rblnc;

namespace {

Input inputOf(llvm::StringRef text) { return {"dir/k.ttir", llvm::MemoryBuffer::getMemBufferCopy(text, "k.ttir")}; }

std::unique_ptr<mlir::MLIRContext> context() {
  mlir::DialectRegistry registry;
  registerDialects(registry);
  return makeContext(registry);
}

std::string printed(mlir::ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream os(text);
  module->print(os, mlir::OpPrintingFlags().enableDebugInfo(true, false));
  return text;
}

constexpr llvm::StringLiteral kernel = R"(
#loc = loc("k.py":3:4)
module {
  tt.func public @k(%x: !tt.ptr<tensor<4xf32>>) {
    %0 = tt.load %x : !tt.ptr<tensor<4xf32>> loc(#loc)
    tt.store %x, %0 : !tt.ptr<tensor<4xf32>>
    tt.return
  }
})";

} // namespace

TEST_CASE("an empty module passes through", "[frontend]") {
  auto c = context();
  Diagnostics diagnostics;
  auto module = parseInput(inputOf("module {}"), *c, diagnostics);
  REQUIRE(module);
  CHECK(succeeded(normalise(*module, diagnostics)));
  CHECK(diagnostics.all().empty());
}

TEST_CASE("functions without a module get one", "[frontend]") {
  auto c = context();
  Diagnostics diagnostics;
  auto module =
      parseInput(inputOf("tt.func public @a() { tt.return }\ntt.func public @b() { tt.return }"), *c, diagnostics);
  REQUIRE(module);
  CHECK(succeeded(normalise(*module, diagnostics)));
  CHECK(module->getOps().begin() != module->getOps().end());
}

TEST_CASE("bytecode says what the text says", "[frontend]") {
  auto c = context();
  Diagnostics diagnostics;
  auto module = parseInput(inputOf(kernel), *c, diagnostics);
  REQUIRE(module);
  std::string bytecode;
  llvm::raw_string_ostream os(bytecode);
  REQUIRE(succeeded(mlir::writeBytecodeToFile(*module, os)));
  auto again = parseInput(inputOf(bytecode), *c, diagnostics);
  REQUIRE(again);
  CHECK(printed(*again) == printed(*module));
  CHECK(detectEra(inputOf(bytecode)) == "unknown");

  SECTION("and damaged bytecode is an error, whatever is wrong with it") {
    for (size_t i = 4; i < bytecode.size(); i += 3) {
      std::string damaged = bytecode;
      damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
      Diagnostics errors;
      auto other = parseInput(inputOf(damaged), *c, errors);
      CHECK(bool(other) == !errors.hasErrors());
    }
    for (size_t size = 4; size < bytecode.size(); size += 7) {
      Diagnostics errors;
      CHECK(!parseInput(inputOf(llvm::StringRef(bytecode).take_front(size)), *c, errors));
      CHECK(errors.hasErrors());
    }
  }
}

TEST_CASE("errors are coded and name the file as it was given", "[frontend]") {
  auto c = context();
  Diagnostics diagnostics;
  CHECK(!parseInput(inputOf("module {\n  tt.nothing\n}"), *c, diagnostics));
  REQUIRE(diagnostics.all().size() == 1);
  const Diagnostic &error = diagnostics.all().front();
  CHECK(error.code == Code::I005);
  REQUIRE(error.frames.size() == 1);
  CHECK(error.frames.front() == SourceFrame{"dir/k.ttir", 2, 3, ""});
}

TEST_CASE("columns are shown from 1 in both conventions", "[frontend]") {
  auto frameOf = [](llvm::StringRef location) {
    auto c = context();
    Diagnostics diagnostics;
    auto module = parseInput(inputOf(("module {} loc(" + location + ")").str()), *c, diagnostics);
    REQUIRE(module);
    return framesOf(module->getLoc());
  };
  CHECK(frameOf("\"k.py\":3:4") == std::vector<SourceFrame>{{"k.py", 3, 4, ""}});
  // Column 0 anywhere in the file means that all its columns count from 0.
  CHECK(frameOf("callsite(\"k.py\":3:4 at \"k.py\":9:0)") ==
        std::vector<SourceFrame>{{"k.py", 3, 5, ""}, {"k.py", 9, 1, ""}});
}

TEST_CASE("frames: names, the user first, and no more than anybody reads", "[frontend]") {
  auto c = context();
  mlir::Builder b(c.get());
  auto at = [&](llvm::StringRef file, unsigned line) -> mlir::Location {
    return mlir::FileLineColLoc::get(c.get(), file, line, 1);
  };
  mlir::Location library = at("/x/triton/language/standard.py", 40), user = at("k.py", 7);
  CHECK(framesOf(mlir::UnknownLoc::get(c.get())).empty());
  CHECK(framesOf(mlir::NameLoc::get(b.getStringAttr("acc"), user)) == std::vector<SourceFrame>{{"k.py", 7, 1, "acc"}});
  CHECK(framesOf(mlir::CallSiteLoc::get(library, user)) ==
        std::vector<SourceFrame>{{"k.py", 7, 1, ""}, {"/x/triton/language/standard.py", 40, 1, ""}});
  CHECK(framesOf(mlir::FusedLoc::get(c.get(), {mlir::UnknownLoc::get(c.get()), user, library})) ==
        std::vector<SourceFrame>{{"k.py", 7, 1, ""}});
  mlir::Location doubling = user;
  for (int i = 0; i < 60; ++i)
    doubling = mlir::CallSiteLoc::get(doubling, doubling);
  CHECK(framesOf(doubling).size() <= 64);
}

TEST_CASE("the era is what the spellings have in common", "[frontend]") {
  auto era = [](llvm::StringRef text) { return detectEra(inputOf(text)); };
  CHECK(era("module {}") == "3.0+");
  CHECK(era("%0 = tt.advance %p, [%i] : <tensor<4xf32>>") == "3.0-3.7");
  CHECK(era("%0 = tt.reshape %x {allow_reorder = true} : tensor<4xf32> -> tensor<4xf32>") == "3.0-3.1");
  CHECK(era("(!tt.tensordesc<tensor<4xf32>>)") == "3.3-3.7");
  CHECK(era("(!tt.tensordesc<4xf32>)") == "3.8+");
  CHECK(era("#loc1 = loc(\"x\"(#loc))") == "3.6+");
  CHECK(era("#loc1 = loc(\"x\"(#loc))\n#loc = loc(\"k.py\":1:0)") == "3.6-3.7");
  CHECK(era("tt.grid_dependency_wait") == "main");
  CHECK(era("%0 = tt.experimental_descriptor_gather") == "3.3");
  CHECK(era("%0 = llvm.mlir.undef : f32\n%1 = ub.poison : f32") == "unknown");
  CHECK(era("// tt.advance\n\"tt.advance\"") == "3.0+");
}
