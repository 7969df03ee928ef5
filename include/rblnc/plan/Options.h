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
};

} // namespace rblnc
