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

/// Operations a second of a product on one engine.
double matmulRate(const MatmulCommand &matmul, const bundle::Target &target);

TimedCommand timed(const DecodedCommand &command, const Cost &cost, const bundle::Target &target);

struct QueueTimes {
  double busySeconds = 0, stalledSeconds = 0;
  double computeSeconds = 0; ///< its unit computes: without set-up and without what only waits for memory
};

/// One command, in the order of its queue. `share` is the time of the run, divided at each moment among the commands
/// that occupy a queue then.
struct CommandTimes {
  double begin = 0, end = 0, stalled = 0, share = 0;
};

struct Simulation {
  double seconds = 0; ///< when the last queue ends
  std::vector<QueueTimes> queues;
  double memorySeconds = 0;  ///< bytes move in DRAM or shared SRAM
  double latencySeconds = 0; ///< no bytes move, and nothing computes
  std::vector<std::vector<CommandTimes>> commands;
};

/// Plays the queues against each other. The times of single commands are kept when they are asked for.
Simulation simulate(const std::vector<std::vector<TimedCommand>> &queues, const bundle::Target &target,
                    uint32_t semaphores, bool keepsCommands = false);

} // namespace rblnc::emulator
