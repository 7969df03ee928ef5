// The table of diagnostic codes: what `rblnc explain` prints and what every message carries.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace rblnc {

// The names of ten codes, and of the hundred of a category.
#define RBLNC_CODES_10(p) p##0, p##1, p##2, p##3, p##4, p##5, p##6, p##7, p##8, p##9
#define RBLNC_CODES_100(c)                                                                                             \
  RBLNC_CODES_10(c##00), RBLNC_CODES_10(c##01), RBLNC_CODES_10(c##02), RBLNC_CODES_10(c##03), RBLNC_CODES_10(c##04),   \
      RBLNC_CODES_10(c##05), RBLNC_CODES_10(c##06), RBLNC_CODES_10(c##07), RBLNC_CODES_10(c##08),                      \
      RBLNC_CODES_10(c##09)

/// Every code in use has one row in include/rblnc/support/codes/*.def; the enumerator is the code without its "RBLN-"
/// prefix. The names of all possible codes are here, so that a new row or another text compiles one file anew and not
/// all that report diagnostics. That each code which the sources name has a row is tested.
enum class Code : uint16_t {
  RBLNC_CODES_100(B),
  RBLNC_CODES_100(C),
  RBLNC_CODES_100(I),
  RBLNC_CODES_100(P),
  RBLNC_CODES_100(R),
  RBLNC_CODES_100(W),
  RBLNC_CODES_100(X),
};
#undef RBLNC_CODES_100
#undef RBLNC_CODES_10

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

/// The row of a code; that of X001 for a code that has none.
const CodeInfo &infoOf(Code code);
/// All rows, in the order of their names.
std::span<const CodeInfo> allCodes();
/// Finds "RBLN-C001", "C001" or "c001"; null when there is none.
const CodeInfo *findCode(std::string_view name);

} // namespace rblnc
