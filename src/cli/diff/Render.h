// A comparison of two sides, and its forms.
#pragma once

#include "Gate.h"

#include <string>
#include <vector>

namespace rblnc::cli::diff {

struct Row {
  std::string name;                                 ///< of a kernel, or of a line of it
  const Values *before = nullptr, *after = nullptr; ///< null: not on that side
  std::string fault;
  std::vector<const Gate *> tripped;
  std::vector<Row> lines; ///< that changed, the largest change of time first
  bool isChanged = false;
};

/// The kernels of both sides, those that changed most first. A gate trips for a kernel that has figures on both sides,
/// and for one that had figures and has none any more.
std::vector<Row> compareSides(const Side &before, const Side &after, const std::vector<Gate> &gates, bool byLine);

bool isAnyTripped(const std::vector<Row> &rows);

/// A table of what changed, and a last line that counts. A line's rows stand below its kernel.
std::string renderText(const std::vector<Row> &rows);
/// {"schema": 1, "kernels": [{"name", "state", "before", "after", "tripped", "lines"}], "summary": {…}}
std::string renderJson(const std::vector<Row> &rows);
/// At most 60,000 characters: a comment of a pull request holds 65,536.
std::string renderMarkdown(const std::vector<Row> &rows);

} // namespace rblnc::cli::diff
