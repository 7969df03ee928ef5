#include "rblnc/support/Error.h"

#include "llvm/Support/JSON.h"

#include <catch2/catch.hpp>

using namespace rblnc;

namespace {

Diagnostic sample() {
  return {Code::C001,
          Severity::Error,
          "the loop runs 4 times",
          {{"attention.py", 12, 8, "attention"}, {"helpers.py", 3, 0, "tile"}},
          "write tl.static_range(4)",
          {{"the bound comes from here", {{"attention.py", 9, 4, ""}}}}};
}

} // namespace

TEST_CASE("the text form has the user's line, the code, inlined frames, notes and the fix") {
  CHECK(formatText(sample()) == "attention.py:12:8: error: the loop runs 4 times [RBLN-C001]\n"
                                "  inlined from helpers.py:3 (tile)\n"
                                "  note: the bound comes from here (attention.py:9:4)\n"
                                "  fix: write tl.static_range(4)\n");
}

TEST_CASE("without a place the program's name stands first") {
  CHECK(formatText({Code::R004, Severity::Error, "'x' cannot be read", {}, "", {}}) ==
        "rblnc: error: 'x' cannot be read [RBLN-R004]\n");
}

TEST_CASE("control characters of hostile input are not passed to the terminal") {
  std::string text = formatText({Code::R004, Severity::Error, "a\x1b[2Jb\nc", {{"e\rvil.py", 1, 1, ""}}, "", {}});
  CHECK(text == "e\\x0dvil.py:1:1: error: a\\x1b[2Jb\n    c [RBLN-R004]\n");
}

TEST_CASE("the JSON form parses and holds every field") {
  auto parsed = llvm::json::parse(formatJson({sample()}));
  REQUIRE(static_cast<bool>(parsed));
  const llvm::json::Object *object = (*parsed->getAsArray())[0].getAsObject();
  REQUIRE(object);
  CHECK(*object->getString("code") == "RBLN-C001");
  CHECK(*object->getString("severity") == "error");
  CHECK(*object->getString("message") == "the loop runs 4 times");
  CHECK(*object->getString("fix") == "write tl.static_range(4)");
  const llvm::json::Array *frames = object->getArray("frames");
  REQUIRE(frames->size() == 2);
  CHECK(*(*frames)[0].getAsObject()->getInteger("line") == 12);
  CHECK(object->getArray("notes")->size() == 1);
}

TEST_CASE("bytes that are no UTF-8 still give JSON") {
  Diagnostic diagnostic = sample();
  diagnostic.message = "\xff\xfe";
  auto parsed = llvm::json::parse(formatJson({diagnostic}));
  CHECK(static_cast<bool>(parsed));
}

TEST_CASE("warnings become errors on request") {
  Diagnostic warning = sample();
  warning.severity = Severity::Warning;
  Diagnostics lenient, strict;
  strict.setWarningsAreErrors(true);
  lenient.report(warning);
  strict.report(warning);
  CHECK_FALSE(lenient.hasErrors());
  CHECK(strict.errorCount() == 1);
}

TEST_CASE("a diagnostic survives the way through llvm::Error") {
  Diagnostic diagnostic = toDiagnostic(makeError(Code::R005, "bad", "mend it"));
  CHECK(diagnostic.code == Code::R005);
  CHECK(diagnostic.message == "bad");
  CHECK(diagnostic.fix == "mend it");
  Diagnostic foreign = toDiagnostic(llvm::createStringError("other"));
  CHECK(foreign.code == Code::X001);
  CHECK(foreign.message == "other");
}
