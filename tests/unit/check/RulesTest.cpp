// The table of rules and the table of codes fit together.
#include "Rule.h"

#include "rblnc/support/Codes.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

using namespace rblnc;

TEST_CASE("every code of the chip and of the vendor has a rule") {
  // The entry function is looked for before any rule runs, and questions about the grid are answered before; addresses,
  // where indices come from and what is never written are found by the lowering.
  const std::set<Code> elsewhere{Code::C006, Code::C007, Code::C009, Code::C011,
                                 Code::C012, Code::C013, Code::W031, Code::W033};
  for (const CodeInfo &info : allCodes()) {
    if (info.category() != 'C' && info.category() != 'W')
      continue;
    INFO(info.name);
    bool hasRule =
        std::ranges::any_of(rules::allRules(), [&](const rules::Rule &rule) { return rule.code == info.code; });
    CHECK(hasRule != elsewhere.contains(info.code));
  }
}

TEST_CASE("every rule names the operations that it wants to see") {
  for (const rules::Rule &rule : rules::allRules()) {
    INFO(rule.name);
    CHECK_FALSE(rule.operations.empty());
    CHECK(rule.operations.find("  ") == std::string_view::npos);
    CHECK(rule.operations.front() != ' ');
    CHECK(rule.operations.back() != ' ');
  }
}
