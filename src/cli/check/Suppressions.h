// "# rblnc: ignore[W001]" in the user's source: findings at that line are left out.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include <map>
#include <string>
#include <string_view>

namespace rblnc::cli {

/// Reads the sources that findings name, each once. A source is looked for where the finding says, and beside the
/// kernel's file, since the IR often keeps only its last name. What cannot be read suppresses nothing.
class Suppressions {
public:
  /// Whether a comment at a line of `diagnostic`, its own or one that it is inlined into, names its code. `input` is
  /// the kernel's path.
  bool covers(const Diagnostic &diagnostic, const std::string &input);

private:
  /// The codes of a line, "" for all, by the number of the line.
  using Lines = std::multimap<uint32_t, std::string>;
  const Lines &linesOf(const std::string &path);

  std::map<std::string, Lines> files;
};

/// The codes that a line of source is to be free of: "# rblnc: ignore[W001, C00]" names two, "# rblnc: ignore" all as
/// "". In IR the comment starts with "//". Nothing without such a comment.
std::vector<std::string> suppressedCodes(std::string_view line);

} // namespace rblnc::cli
