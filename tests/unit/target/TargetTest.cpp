// The chips and the reading of their descriptions.
#include "rblnc/target/Target.h"
#include "rblnc/support/Error.h"

#include "catch2/catch.hpp"
#include "llvm/Support/MemoryBuffer.h"

#include <string>

using namespace rblnc;

namespace {

std::string chip(llvm::StringRef name) {
  auto file = llvm::MemoryBuffer::getFile(std::string(RBLNC_SOURCE_DIR) + "/src/target/chips/" + name + ".json");
  REQUIRE(file);
  return (*file)->getBuffer().str();
}

std::string replaced(std::string text, llvm::StringRef from, llvm::StringRef to) {
  size_t at = text.find(from.str());
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to.str());
}

/// The message of the error that reading gives.
std::string whyNot(llvm::StringRef json) {
  auto target = parseTarget(json, "mine.json");
  if (target)
    return "";
  Diagnostic diagnostic = toDiagnostic(target.takeError());
  CHECK(diagnostic.code == Code::I051);
  return diagnostic.message;
}

} // namespace

TEST_CASE("the known chips are there, with a source for every figure", "[target]") {
  auto targets = allTargets();
  REQUIRE(targets.size() == 4);
  CHECK(targets[0].name == "rbln-ca12");
  CHECK(targets[3].name == "rbln-cr03");
  for (const Target &target : targets) {
    CHECK(target.figures.size() == 18);
    for (const TargetFigure &figure : target.figures) {
      CHECK(!figure.source.empty());
      CHECK(!figure.value.empty());
    }
  }
}

TEST_CASE("the default chip is RBLN-CA22", "[target]") {
  auto found = findTarget(defaultTargetName);
  REQUIRE(static_cast<bool>(found));
  const Target &target = **found;
  CHECK(target.engines == 8);
  CHECK(target.scratchpadBytes == 4 << 20);
  CHECK(target.sharedBytes == 32 << 20);
  CHECK(target.dramBytesPerSecond == 256e9);
  CHECK(target.matmulFlopsPerSecond * target.engines == 32e12);
  CHECK(target.computeDType == ComputeDType::dlf16);
  CHECK((*llvm::cantFail(findTarget("rbln-cr03"))).computeDType == ComputeDType::bf16);
}

TEST_CASE("RBLN-I050: an unknown chip is named with those that exist", "[target]") {
  auto found = findTarget("rbln-ca99");
  REQUIRE(!found);
  Diagnostic diagnostic = toDiagnostic(found.takeError());
  CHECK(diagnostic.code == Code::I050);
  CHECK(diagnostic.message == "there is no target 'rbln-ca99'; did you mean 'rbln-ca12'?");
  CHECK(diagnostic.fix == "use one of rbln-ca12, rbln-ca22, rbln-ca25, rbln-cr03");
}

TEST_CASE("a description that is a chip's file reads as that chip", "[target]") {
  auto target = parseTarget(chip("rbln-ca25"), "mine.json");
  REQUIRE(static_cast<bool>(target));
  CHECK(target->name == "rbln-ca25");
  CHECK(target->engines == 8);
}

TEST_CASE("RBLN-I051: a description with a mistake names the figure", "[target]") {
  std::string good = chip("rbln-ca22");
  CHECK(whyNot("") != "");
  CHECK(whyNot("[]") == "target description mine.json is not valid: it is not a JSON object");
  CHECK(whyNot("{") != "");
  CHECK(whyNot("{}") == "target description mine.json is not valid: it needs the strings 'name' and 'product'");
  CHECK(whyNot(replaced(good, "\"engines\"", "\"motors\"")) ==
        "target description mine.json is not valid: figure 'engines' is missing");
  CHECK(whyNot(replaced(good, "\"value\": 8,", "\"value\": -1,")) ==
        "target description mine.json is not valid: figure 'engines' must be a number from 1 to 4096");
  CHECK(whyNot(replaced(good, "\"value\": 8,", "\"value\": 2.5,")) ==
        "target description mine.json is not valid: figure 'engines' must be a whole number");
  CHECK(whyNot(replaced(good, "\"value\": 8,", "\"value\": \"8\",")) != "");
  CHECK(whyNot(replaced(good, "\"dlf16\"", "\"f8\"")) ==
        "target description mine.json is not valid: figure 'compute_dtype' must be \"dlf16\" or \"bf16\"");
  CHECK(
      whyNot(replaced(good, "assumed: 64 lanes at 1 GHz", "")) ==
      "target description mine.json is not valid: figure 'vector_ops_per_second' needs a source (or \"assumed: why\")");
  CHECK(whyNot(replaced(good, "\"figures\": {", "\"figures\": {\"clock_hertz\": {\"value\": 1, \"source\": \"x\"},")) ==
        "target description mine.json is not valid: there is no figure 'clock_hertz'");
  CHECK(whyNot(std::string(1 << 21, ' ')) == "target description mine.json is not valid: it is larger than 1 MiB");
  CHECK(whyNot(std::string(100000, '[')) ==
        "target description mine.json is not valid: it is nested more than 16 deep");
}
