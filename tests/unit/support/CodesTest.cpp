#include "rblnc/support/Codes.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

using namespace rblnc;

TEST_CASE("every code has a rule, a reason and a source") {
  for (const CodeInfo &info : allCodes()) {
    INFO(info.name);
    CHECK_FALSE(info.title.empty());
    CHECK_FALSE(info.rule.empty());
    CHECK_FALSE(info.reason.empty());
    CHECK_FALSE(info.source.empty());
    // An example of one side alone teaches nothing.
    CHECK(info.wrong.empty() == info.right.empty());
  }
}

TEST_CASE("rules of the chip and refusals of the vendor have examples") {
  for (const CodeInfo &info : allCodes())
    if (info.category() == 'C' || info.category() == 'W') {
      INFO(info.name);
      CHECK_FALSE(info.wrong.empty());
    }
}

TEST_CASE("names are unique, sorted and well formed") {
  auto codes = allCodes();
  CHECK(std::is_sorted(codes.begin(), codes.end(), [](auto &a, auto &b) { return a.name < b.name; }));
  CHECK(std::adjacent_find(codes.begin(), codes.end(), [](auto &a, auto &b) { return a.name == b.name; }) ==
        codes.end());
  for (const CodeInfo &info : codes) {
    INFO(info.name);
    REQUIRE(info.name.size() == 9);
    CHECK(info.name.starts_with("RBLN-"));
    CHECK(std::string_view("ICWPBRX").find(info.category()) != std::string_view::npos);
    CHECK(std::all_of(info.name.begin() + 6, info.name.end(), [](char c) { return c >= '0' && c <= '9'; }));
    CHECK(infoOf(info.code).name == info.name);
  }
}

TEST_CASE("a code is found by its name in any spelling") {
  for (const char *spelling : {"RBLN-C001", "C001", "c001", "rbln-c001"}) {
    const CodeInfo *info = findCode(spelling);
    REQUIRE(info);
    CHECK(info->code == Code::C001);
  }
  for (const char *spelling : {"", "RBLN-", "C1", "C0001", "Z001", "RBLN-C001 "})
    CHECK_FALSE(findCode(spelling));
}

TEST_CASE("every code that the sources name has a row") {
  std::set<std::string> named;
  for (const char *folder : {"/src", "/include"})
    for (const auto &file : std::filesystem::recursive_directory_iterator(RBLNC_SOURCE_DIR + std::string(folder))) {
      std::string extension = file.path().extension();
      if (extension != ".cpp" && extension != ".h" && extension != ".td" && extension != ".def")
        continue;
      std::ifstream stream(file.path());
      std::string text{std::istreambuf_iterator<char>(stream), {}};
      constexpr std::string_view start = "Code::";
      for (size_t at = text.find(start); at != std::string::npos; at = text.find(start, at + 1)) {
        std::string name = text.substr(at + start.size(), 4);
        if (name.size() == 4 && std::all_of(name.begin() + 1, name.end(), [](char c) { return c >= '0' && c <= '9'; }))
          named.insert(name);
      }
    }
  CHECK(named.size() > 50);
  for (const std::string &name : named) {
    INFO(name);
    CHECK(findCode(name));
  }
}
