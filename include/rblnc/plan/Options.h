// What users may decide about planning. None of it changes a result.
#pragma once

#include <cstdint>

namespace rblnc {

/// How a kernel is laid over the engines.
enum class Split : uint8_t {
  /// As the estimate of the time says.
  automatic,
  /// One engine does everything.
  none,
  /// Into as many parts as there are engines, whether it pays or not.
  most,
};

struct PlanOptions {
  Split split = Split::automatic;
  /// At most this many engines; 0 for all that the target has.
  int64_t engines = 0;
  /// Rounds that each engine goes through its part in, as far as extents allow; 0 as the estimate says.
  int64_t rounds = 0;
};

} // namespace rblnc
