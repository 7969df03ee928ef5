// The table of diagnostic codes: what `rblnc explain` prints and what every message carries.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace rblnc {

/// Every code has one row in src/support/codes/*.def; the enumerator is the code without its "RBLN-" prefix.
enum class Code : uint16_t {
#define RBLNC_CODE(id, title, rule, reason, source, wrong, right) id,
#include "rblnc/support/codes/All.def"
#undef RBLNC_CODE
};

struct CodeInfo {
  Code code;
  /// "RBLN-C001".
  std::string_view name;
  /// A few words in lower case: "dynamic loop".
  std::string_view title;
  /// The rule, in a sentence or two.
  std::string_view rule;
  /// Why the rule exists.
  std::string_view reason;
  /// Where the rule is documented or was measured.
  std::string_view source;
  /// Source that breaks the rule, and the same source mended. Empty where no source can show it.
  std::string_view wrong;
  std::string_view right;

  /// I input, C rule of the chip, W vendor refuses, P planning, B bundle, R run time, X our own fault.
  char category() const { return name[5]; }
  bool isWarning() const { return category() == 'W'; }
};

const CodeInfo &infoOf(Code code);
/// All rows, in the order of their names.
std::span<const CodeInfo> allCodes();
/// Finds "RBLN-C001", "C001" or "c001"; null when there is none.
const CodeInfo *findCode(std::string_view name);

} // namespace rblnc
