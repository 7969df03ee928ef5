#include "rblnc/support/Config.h"

#include "rblnc/support/Error.h"

#include <catch2/catch.hpp>

using namespace rblnc;

namespace {

ConfigNode good(llvm::StringRef text, const std::string &path) {
  auto node = parseConfig(text, path);
  if (!node)
    FAIL(toDiagnostic(node.takeError()).message);
  return std::move(*node);
}

Diagnostic bad(llvm::StringRef text, const std::string &path) {
  auto node = parseConfig(text, path);
  REQUIRE_FALSE(bool(node));
  return toDiagnostic(node.takeError());
}

} // namespace

TEST_CASE("TOML and JSON give the same tree") {
  ConfigNode toml = good("a = 1\nb = 2.5\nc = \"x\"\nd = true\ne = [1, \"y\"]\n[f]\ng = -3\n", "k.toml");
  ConfigNode json = good(R"({"a": 1, "b": 2.5, "c": "x", "d": true, "e": [1, "y"], "f": {"g": -3}})", "k.json");
  for (const ConfigNode *root : {&toml, &json}) {
    CHECK(root->find("a")->integer == 1);
    CHECK(root->find("a")->number == 1.0);
    CHECK(root->find("b")->kind == ConfigNode::Float);
    CHECK(root->find("b")->scalarText() == "2.5");
    CHECK(root->find("c")->text == "x");
    CHECK(root->find("d")->flag);
    CHECK(root->find("d")->scalarText() == "true");
    REQUIRE(root->find("e")->items.size() == 2);
    CHECK(root->find("e")->items[1].text == "y");
    CHECK(root->find("f")->find("g")->integer == -3);
    CHECK_FALSE(root->find("h"));
  }
  CHECK(toml.find("e")->line == 5);
  CHECK(toml.find("f")->find("g")->line == 7);
}

TEST_CASE("a mistake has its line") {
  CHECK(bad("a = 1\nb = = 2\n", "k.toml").frames.front().line == 2);
  CHECK(bad("a = 1\na = 2\n", "k.toml").frames.front().line == 2);
  CHECK(bad("{\n\"a\": 1,\n\"b\" 2}", "k.json").frames.front().line == 3);
  CHECK(bad("{", "k.json").code == Code::I052);
  CHECK(bad(std::string(100, '[') + std::string(100, ']'), "k.json").code == Code::I052);
  CHECK(bad(std::string(200'000, '['), "k.json").message == "it is nested more than 64 deep");
  CHECK(bad("a = " + std::string(10000, '['), "k.toml").code == Code::I052);
}
