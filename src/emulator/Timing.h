// The timing model (README.md): when each command would begin and end on the device, from the target's parameters.
#pragma once

#include "Cost.h"

#include "rblnc/emulator/Result.h"

namespace rblnc::emulator {

/// One command of a queue that was executed.
struct TimedCommand {
  enum Kind : uint8_t { Work, Wait, Signal } kind = Work;
  uint32_t semaphore = 0, value = 0;
  double setupSeconds = 0;
  /// What remains after set-up, all at the same time: time on the unit, and bytes over shared paths.
  double unitSeconds = 0, dramBytes = 0, sharedBytes = 0;
};

TimedCommand timed(const DecodedCommand &command, const Cost &cost, const bundle::Target &target);

struct QueueTimes {
  double busySeconds = 0, stalledSeconds = 0;
};

/// Plays the queues against each other and gives the time when the last one ends.
double simulate(const std::vector<std::vector<TimedCommand>> &queues, const bundle::Target &target, uint32_t semaphores,
                std::vector<QueueTimes> &times);

} // namespace rblnc::emulator
