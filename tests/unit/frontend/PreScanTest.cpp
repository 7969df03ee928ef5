// The pre-scan: what it refuses, and that it takes what real files have.
#include "PreScan.h"

#include <catch2/catch.hpp>

#include <string>

using namespace rblnc;
using namespace rblnc::frontend;

namespace {

std::string repeat(const std::string &text, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i)
    out += text;
  return out;
}

std::optional<TextProblem> scan(const std::string &text) {
  TextFacts facts;
  return scanText(text, facts);
}

/// The code of the problem, or none.
std::optional<Code> codeOf(const std::string &text) {
  auto problem = scan(text);
  return problem ? std::optional<Code>(problem->code) : std::nullopt;
}

} // namespace

TEST_CASE("brackets may be nested up to the bound", "[prescan]") {
  for (std::string bracket : {"()", "[]", "{}", "<>"}) {
    std::string open(1, bracket[0]), close(1, bracket[1]);
    CHECK(!codeOf(repeat(open, maxNesting) + repeat(close, maxNesting)));
    CHECK(codeOf(repeat(open, maxNesting + 1) + repeat(close, maxNesting + 1)) == Code::I004);
    CHECK(!codeOf(repeat(open + close, 100000)));
  }
  CHECK(codeOf(repeat("([{<", 100)) == Code::I004);
}

TEST_CASE("arrays hold numbers", "[prescan]") {
  for (std::string element : {"i1", "i8", "i64", "si8", "f32", "bf16", "f8E5M2"})
    CHECK(!codeOf("array<" + element + ": 1>"));
  for (std::string element : {"index", "none", "!a", "tensor<4xf32>", "1", "", "array<i32>", "f", "i"}) {
    CHECK(codeOf("array<" + element + ": 1>") == Code::I005);
    CHECK(codeOf("array // a comment\n <\n" + element + ">") == Code::I005);
  }
  CHECK(!codeOf("array = \"array<index>\" tensor<4xindex>"));
}

TEST_CASE("the place of the problem is the bracket that is too many", "[prescan]") {
  auto problem = scan("xx" + repeat("(", 300));
  REQUIRE(problem);
  CHECK(problem->offset == 2 + maxNesting);
}

TEST_CASE("brackets in strings and comments do not count", "[prescan]") {
  CHECK(!codeOf("\"" + repeat("(", 10000) + "\""));
  CHECK(!codeOf("\"\\\"" + repeat("(", 10000) + "\""));
  CHECK(!codeOf("// " + repeat("(", 10000) + "\n"));
  // A string ends at the end of its line, a comment too.
  CHECK(codeOf("\"abc\n" + repeat("(", 10000)) == Code::I004);
  CHECK(codeOf("// abc\n" + repeat("(", 10000)) == Code::I004);
  // One slash is no comment.
  CHECK(codeOf("/ " + repeat("(", 10000)) == Code::I004);
  // The second quote is escaped, so the string goes on.
  CHECK(!codeOf("\"\\22\\\\\" ()"));
}

TEST_CASE("arrows and comparisons close no bracket", "[prescan]") {
  CHECK(codeOf(repeat("<->", 10000)) == Code::I004);
  CHECK(codeOf(repeat("(>", 10000)) == Code::I004);
  CHECK(codeOf(repeat("[)", 10000)) == Code::I004);
  // A '<' without its '>' goes with the bracket around it.
  CHECK(!codeOf(repeat("affine_set<(d0) : (d0 <= 3)>\n", 10000)));
  // '-' belongs to names, as for MLIR's lexer: there is no arrow here, and the bracket is closed.
  CHECK(!codeOf(repeat("<#a->", 10000)));
  CHECK(codeOf(repeat("<#0->", 10000)) == Code::I004);
}

TEST_CASE("chains of aliases end where their nesting does, to the last one", "[prescan]") {
  // Each alias is a step of the parser, and so is each bracket around its use.
  struct Row {
    const char *more;
    size_t perAlias, brackets;
  };
  for (const Row &row : {Row{"@", 1, 0},
                         {"[@]", 2, 1},
                         {"[[@]]", 3, 2},
                         {"{x = [[@]]}", 4, 3},
                         {"[@, 1, 2]", 2, 1},
                         {"[1, [2], @]", 2, 1}}) {
    INFO(row.more);
    auto chain = [&](size_t length) {
      std::string text = "#a0 = 1 : i32\n";
      for (size_t i = 1; i < length; ++i) {
        std::string line = row.more;
        line.replace(line.find('@'), 1, "#a" + std::to_string(i - 1));
        text += "#a" + std::to_string(i) + " = " + line + "\n";
      }
      return text;
    };
    // Alias number n uses one whose depth is perAlias * (n - 1), inside of its brackets.
    size_t last = (maxNesting - row.brackets) / row.perAlias + 1;
    CHECK(!codeOf(chain(last + 1)));
    CHECK(codeOf(chain(last + 2)) == Code::I004);
    // Brackets around the use of the last one in the module add up with it.
    size_t left = maxNesting - row.perAlias * last;
    auto used = [&](size_t depth) {
      return chain(last + 1) + "module attributes {x = " + repeat("[", depth - 1) + "#a" + std::to_string(last) +
             repeat("]", depth - 1) + "} {}\n";
    };
    if (left > 1 && left < maxNesting)
      CHECK(!codeOf(used(left)));
    CHECK(codeOf(used(std::min(left, maxNesting) + 1)) == Code::I004);
  }
}

TEST_CASE("what aliases stand for is added up over a chain, and over uses inside of one", "[prescan]") {
  // The last alias holds the first one four times over, and that is 1 MiB.
  std::string text = "#a = \"" + repeat("x", 1 << 20) + "\"\n#b = [#a, #a]\n#c = [#b, #b]\nmodule attributes {";
  auto uses = [&](int count) {
    std::string module = text;
    for (int i = 0; i < count; ++i)
      module += "x" + std::to_string(i) + " = #c, ";
    return module + "} {}";
  };
  CHECK(!codeOf(uses(60)));
  CHECK(codeOf(uses(70)) == Code::I003);
}

TEST_CASE("aliases nest as what they stand for", "[prescan]") {
  auto chain = [](size_t length, const std::string &first, const std::string &more) {
    std::string text = "#a0 = " + first + "\n";
    for (size_t i = 1; i < length; ++i) {
      std::string line = more;
      line.replace(line.find('@'), 1, "#a" + std::to_string(i - 1));
      text += "#a" + std::to_string(i) + " = " + line + "\n";
    }
    return text;
  };
  CHECK(!codeOf(chain(100, "1 : i32", "[@]")));
  CHECK(codeOf(chain(300, "1 : i32", "[@]")) == Code::I004);
  CHECK(codeOf(chain(300, "loc(\"a\":1:1)", "loc(callsite(@ at \"b\":1:1))")) == Code::I004);
  // Alias definitions on one line, and with the value on the next.
  CHECK(codeOf(chain(300, "1 : i32", "\n[@]")) == Code::I004);
  std::string oneLine = chain(300, "[]", "[@]");
  std::replace(oneLine.begin(), oneLine.end(), '\n', ' ');
  CHECK(codeOf(oneLine) == Code::I004);
  // A type after a line break.
  std::string types = "!t0 = i32\n";
  for (int i = 1; i < 300; ++i)
    types += "!t" + std::to_string(i) + " = () ->\ntuple<!t" + std::to_string(i - 1) + ">\n";
  CHECK(codeOf(types) == Code::I004);
  // Many aliases that do not refer to one another, as every real file has.
  std::string flat;
  for (int i = 0; i < 10000; ++i)
    flat += "#loc" + std::to_string(i) + " = loc(\"f.py\":" + std::to_string(i) + ":0)\n";
  CHECK(!codeOf(flat));
}

TEST_CASE("aliases that double are refused, locations that double are not", "[prescan]") {
  auto doubling = [](const std::string &first, const std::string &open, const std::string &close) {
    std::string text = "#a0 = " + first + "\n";
    for (int i = 1; i < 60; ++i) {
      std::string last = "#a" + std::to_string(i - 1);
      text += "#a" + std::to_string(i) + " = " + open + last + ", " + last + close + "\n";
    }
    return text + "module attributes {x = #a59} {}\n";
  };
  CHECK(codeOf(doubling("1 : i32", "[", "]")) == Code::I003);
  CHECK(!codeOf(doubling("loc(\"a\":1:1)", "loc(fused[", "])")));
}

TEST_CASE("uses of a large alias add up", "[prescan]") {
  std::string text = "#a = \"" + repeat("x", 1 << 20) + "\"\nmodule attributes {";
  for (int i = 0; i < 300; ++i)
    text += "x" + std::to_string(i) + " = #a, ";
  CHECK(codeOf(text + "} {}") == Code::I003);
}

TEST_CASE("affine expressions are bounded, many short ones are not", "[prescan]") {
  CHECK(codeOf("affine_map<(d0) -> (" + repeat("d0 + ", 3000) + "d0)>") == Code::I004);
  CHECK(codeOf("affine_map<(d0) -> (" + repeat("-", 3000) + "d0)>") == Code::I004);
  CHECK(!codeOf(repeat("affine_map<(d0, d1) -> (d1, d0)>\n", 1000)));
  // What follows is counted on its own.
  CHECK(!codeOf("affine_map<(d0) -> (d0)>" + repeat(" x", 10000)));
}

TEST_CASE("integers of thousands of bits are refused", "[prescan]") {
  for (std::string type : {"i128", "si64", "ui8", "i999", "tensor<4x8xi32>", "index", "i", "x1000"})
    CHECK(!codeOf("(" + type + ")"));
  for (std::string type : {"i1000", "si16777215", "ui99999999999999999999", "tensor<4x8xi1000>"})
    CHECK(codeOf("(" + type + ")") == Code::I005);
}

TEST_CASE("results that no operation has are refused", "[prescan]") {
  CHECK(!codeOf("%0:2 = \"x\"() %0#0 %0#1"));
  for (std::string use : {"%x#2147483647", "%x#99999999999999999999999", "%x#5000"})
    CHECK(codeOf(use) == Code::I005);
  CHECK(codeOf(repeat("%x#4000 ", 10000)) == Code::I005);
}

TEST_CASE("columns from zero are recognised", "[prescan]") {
  auto fromZero = [](const std::string &text) {
    TextFacts facts;
    CHECK(!scanText(text, facts));
    return facts.hasColumnZero;
  };
  CHECK(fromZero("#loc = loc(\"k.py\":10:0)"));
  CHECK(!fromZero("#loc = loc(\"k.py\":10:1)"));
  CHECK(!fromZero("#loc = loc(\"k.py\":0:10)"));
  CHECK(!fromZero("loc(\"a\" \"b\":1:10) 0"));
  CHECK(fromZero("loc(\"a\"(\"b\":1:0))"));
}

TEST_CASE("a text is recognised as a module or not", "[prescan]") {
  auto looksLikeIR = [](const std::string &text) {
    TextFacts facts;
    CHECK(!scanText(text, facts));
    return facts.looksLikeIR;
  };
  CHECK(looksLikeIR("module {}"));
  CHECK(looksLikeIR("\"builtin.module\"() ({}) : () -> ()"));
  CHECK(looksLikeIR("func.func @f() { return }"));
  CHECK(looksLikeIR("\"tt.func\"() ({}) : () -> ()"));
  CHECK(!looksLikeIR("def f(x):\n  return x\n"));
}

TEST_CASE("every prefix of a text is scanned without reading past its end", "[prescan]") {
  const std::string text =
      "#a = loc(\"x\\\"y\":1:0) // c\n!t = tensor<4xi32>\nmodule { %a-b = @f<(d0) -> (d0)> affine_map<x> }";
  for (size_t size = 0; size <= text.size(); ++size) {
    // A copy of exactly this size, so that a sanitizer sees the first byte too many.
    std::vector<char> bytes(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
    TextFacts facts;
    CHECK(!scanText(llvm::StringRef(bytes.data(), bytes.size()), facts));
  }
}
