#include "batch/Keys.h"

#include "rblnc/support/Error.h"

#include <catch2/catch.hpp>

using namespace rblnc;
using namespace rblnc::cli::batch;

namespace {

std::vector<KeyValues> combinations(const std::string &text) {
  auto root = parseConfig(text, "k.toml");
  REQUIRE(bool(root));
  auto made = combinationsOf(*root, "k.toml");
  if (!made)
    FAIL(toDiagnostic(made.takeError()).message);
  return *made;
}

std::string names(const std::string &text) {
  std::string result;
  for (const KeyValues &values : combinations(text)) {
    for (const auto &[key, value] : values)
      result += value;
    result += ' ';
  }
  return result;
}

std::string replaced(const std::string &text, const KeyValues &values) {
  ConfigNode node;
  node.kind = ConfigNode::String;
  node.text = text;
  auto made = substitute(node, values, "k.toml");
  return made ? *made : "error: " + toDiagnostic(made.takeError()).message;
}

} // namespace

TEST_CASE("keys make a product") {
  CHECK(combinations("").size() == 1);
  CHECK(names("keys = { a = [1, 2], b = ['x', 'y'] }") == "1x 1y 2x 2y ");
}

TEST_CASE("conditions exclude") {
  CHECK(names("keys = { a = [1, 2, 3] }\nexclude = [{ a = 2 }]") == "1 3 ");
  CHECK(names("keys = { a = [1, 2, 3] }\nexclude = [{ a = [1, 3] }]") == "2 ");
  CHECK(names("keys = { a = [8, 16, 128] }\nexclude = [{ a = '>16' }]") == "8 16 ");
  CHECK(names("keys = { a = [8, 16, 128] }\nexclude = [{ a = '>=16' }]") == "8 ");
  CHECK(names("keys = { a = [8, 16, 128] }\nexclude = [{ a = '<16' }, { a = '> 16' }]") == "16 ");
  CHECK(names("keys = { a = [8, 16] }\nexclude = [{ a = '<= 8' }]") == "16 ");
  CHECK(names("keys = { a = ['f16', 'f32'] }\nexclude = [{ a = '!=f16' }]") == "f16 ");
  // All of a table must hold; a comparison with a number never holds for a word.
  CHECK(names("keys = { a = [1, 2], b = ['x', 'y'] }\nexclude = [{ a = 1, b = 'y' }]") == "1x 2x 2y ");
  CHECK(names("keys = { a = ['f16'] }\nexclude = [{ a = '>1' }]") == "f16 ");
}

TEST_CASE("braces stand for values") {
  KeyValues values{{"n", "64"}, {"type", "f32"}};
  CHECK(replaced("a-{n}-{type}.ttir", values) == "a-64-f32.ttir");
  CHECK(replaced("{{n}} {n}", values) == "{n} 64");
  CHECK(replaced("{m}", values).starts_with("error"));
  CHECK(replaced("{n", values).starts_with("error"));
  CHECK(replaced("n}", values).starts_with("error"));
}
