// What a command depends on, by queue.
#pragma once

#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <cstdint>

namespace rblnc::plan {

/// One past the number of a command within its queue; 0 is "none".
using Position = int64_t;
/// By queue: the position that must be done.
using Needs = llvm::SmallVector<Position, 4>;

/// What a command depends on. In a branch, what lies before it is kept apart: a need inside, which may be skipped, does
/// not hide it.
struct Dependence {
  /// Number of the branch that the command is in, or -1.
  int branch;
  /// By queue: the last position before the branch; outside of branches, before the command.
  Needs border;
  Needs before, inside;

  /// Whether a need of this position would add nothing.
  bool has(int queue, Position position) const {
    return position <= (position <= border[queue] ? before : inside)[queue];
  }
  void add(int queue, Position position) {
    Position &need = position <= border[queue] ? before[queue] : inside[queue];
    need = std::max(need, position);
  }
};

} // namespace rblnc::plan
