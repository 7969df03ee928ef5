// What may become worse, and by how much: "time>+2%,dram>+5%,scratchpad>+4096".
#pragma once

#include "Measure.h"

#include <optional>
#include <string>
#include <vector>

namespace rblnc::cli::diff {

struct Gate {
  Metric metric;
  double limit; ///< a fraction of the old value, or in the metric's unit
  bool isRelative;
  std::string text; ///< as it was written

  /// Whether the step from `before` to `after` is more than the limit.
  bool trips(double before, double after) const;
};

/// Nothing when a part is not METRIC>+NUMBER[%]; `wrong` is that part then.
std::optional<std::vector<Gate>> parseGates(const std::string &text, std::string &wrong);

} // namespace rblnc::cli::diff
