// Which rules `rblnc check` tells of: --select and --ignore, and comments in the source.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rblnc::cli {

/// Codes or the beginnings of codes, with "RBLN-" or without, in any case: "W001", "C00", "RBLN-P".
class RuleSet {
public:
  /// Adds one. What is wrong with it, or nothing: it names no code, or no rule. Rules are what is said of a kernel that
  /// could be read: chip (C), vendor (W) and planning (P). Nothing else can be left out.
  std::optional<std::string> add(std::string_view text);
  bool isEmpty() const { return prefixes.empty(); }
  bool contains(Code code) const;

private:
  std::vector<std::string> prefixes;
};

bool isRule(const CodeInfo &info);

struct RuleChoice {
  /// All when it is empty.
  RuleSet select;
  RuleSet ignore;

  bool wants(Code code) const;
};

} // namespace rblnc::cli
