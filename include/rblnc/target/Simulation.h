// When each command of a program would begin and end, with its queues at work at the same time.
//
// DRAM bandwidth is shared evenly among the commands that move bytes of it at the moment, and so is that of shared
// SRAM.
#pragma once

#include "rblnc/target/CostModel.h"

#include <cstdint>
#include <vector>

namespace rblnc {

/// One command of a queue.
struct TimedCommand {
  enum Kind : uint8_t { Work, Wait, Signal } kind = Work;
  /// A wait begins when the semaphore has reached the value; a signal adds 1 to it when it ends.
  uint32_t semaphore = 0, value = 0;
  CommandCost cost;
};

/// All in seconds.
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

/// Plays the queues against each other, until all have ended or wait for good. Semaphores are numbered from 0 and begin
/// at 0. The times of single commands are kept when they are asked for.
Simulation simulate(const std::vector<std::vector<TimedCommand>> &queues, const CostModel &model, uint32_t semaphores,
                    bool keepsCommands = false);

} // namespace rblnc
