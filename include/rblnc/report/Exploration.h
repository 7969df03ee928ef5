// A compilation as a page: the IR after every step beside what the step changed, tied to the user's Python lines.
//
// Texts (IR, names, messages, sources) may hold anything; the page treats them as text.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace rblnc::report {

struct ExploredStep {
  std::string name;   ///< "split"
  std::string partOf; ///< the step that it is a pass of; empty for a step of the chain
  std::string target; ///< the chip, where it is one of several
  double milliseconds = 0;
  uint64_t operations = 0; ///< after it
  bool done = true;        ///< without errors
  int64_t count = 0;       ///< how much it did, of `counts`
  std::string counts;
  std::string ir; ///< MLIR's text with locations, after it
};

struct Exploration {
  std::string input; ///< the path as it was given
  std::vector<ExploredStep> steps;
  std::vector<Diagnostic> diagnostics;
  /// The text of each Python file that could be read, by the name that the IR has for it.
  std::map<std::string, std::string> sources;
};

/// One HTML page that needs nothing else: steps with their times, the IR before and after each with what differs
/// marked, diagnostics, and the Python source; a line on one side marks what belongs to it on the other. Written for
/// compilations that failed too: it ends with the step that did.
std::string explorationPage(const Exploration &exploration);

} // namespace rblnc::report
