// What a split of a kernel has to keep to.
#pragma once

#include "rblnc/plan/Options.h"
#include "rblnc/target/Target.h"

#include <algorithm>
#include <cstdint>

namespace rblnc::plan {

struct TilingLimits {
  Split split = Split::automatic;
  int64_t engines = 1;
  /// 0: as many rounds as the estimate says; else this many, as far as extents allow.
  int64_t rounds = 0;
  /// What an engine's values may take at once, as far as it can be estimated.
  int64_t scratchpadBytes = 0;
  /// Pieces of a sum are multiples of it, since its products are rounded together under device numerics.
  int64_t sumMultiple = 1;

  /// With the whole scratchpad.
  static TilingLimits of(const PlanOptions &options, const Target &target) {
    return {options.split,
            options.engines ? std::min<int64_t>(options.engines, target.engines) : static_cast<int64_t>(target.engines),
            options.rounds, target.scratchpadBytes, target.dotChunkElements};
  }
};

} // namespace rblnc::plan
