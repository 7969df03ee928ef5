#include "rblnc/target/Simulation.h"

#include <algorithm>
#include <limits>

namespace rblnc {
namespace {

/// One queue in the simulation.
struct Lane {
  size_t next = 0;
  bool isRunning = false, isWaiting = false;
  double setup = 0, unit = 0, dram = 0, shared = 0;
  CommandTimes times; ///< of the command that runs or waits

  bool computes() const { return isRunning && setup == 0 && unit > 0; }
  bool moves() const { return isRunning && setup == 0 && (dram > 0 || shared > 0); }
};

} // namespace

Simulation simulate(const std::vector<std::vector<TimedCommand>> &queues, const CostModel &model, uint32_t semaphores,
                    bool keepsCommands) {
  std::vector<Lane> lanes(queues.size());
  std::vector<uint64_t> counts(semaphores);
  Simulation result;
  result.queues.resize(queues.size());
  if (keepsCommands)
    result.commands.resize(queues.size());
  double now = 0;
  for (;;) {
    // Start whatever can start. A signal counts when it ends, so this never lets another queue go on by itself.
    size_t transfersDram = 0, transfersShared = 0, running = 0;
    for (size_t q = 0; q < lanes.size(); ++q) {
      Lane &lane = lanes[q];
      if (!lane.isRunning && lane.next < queues[q].size()) {
        const TimedCommand &command = queues[q][lane.next];
        if (!lane.isWaiting)
          lane.times = {now, now, 0, 0};
        lane.isWaiting = command.kind == TimedCommand::Wait && counts[command.semaphore] < command.value;
        if (!lane.isWaiting) {
          lane.isRunning = true;
          lane.setup = command.cost.setupSeconds;
          lane.unit = command.cost.unitSeconds;
          lane.dram = command.cost.dramBytes;
          lane.shared = command.cost.sharedBytes;
        }
      }
      if (!lane.isRunning)
        continue;
      ++running;
      transfersDram += lane.setup == 0 && lane.dram > 0;
      transfersShared += lane.setup == 0 && lane.shared > 0;
    }
    // The functional run ended, so the same commands cannot get stuck here.
    if (running == 0) {
      result.seconds = now;
      return result;
    }

    // Go on to the next moment at which a set-up, a computation or a transfer ends. Each step ends at least one.
    double dramRate = model.dramBytesPerSecond / static_cast<double>(std::max<size_t>(transfersDram, 1));
    double sharedRate = model.sharedBytesPerSecond / static_cast<double>(std::max<size_t>(transfersShared, 1));
    double step = std::numeric_limits<double>::infinity();
    auto consider = [&](double seconds) {
      if (seconds > 0)
        step = std::min(step, seconds);
    };
    for (const Lane &lane : lanes) {
      if (!lane.isRunning)
        continue;
      if (lane.setup > 0) {
        consider(lane.setup);
        continue;
      }
      consider(lane.unit);
      consider(lane.dram / dramRate);
      consider(lane.shared / sharedRate);
    }
    if (step == std::numeric_limits<double>::infinity())
      step = 0; // commands without any cost
    auto reduce = [&](double &left, double rate) {
      // What would end within rounding of this step ends with it.
      double seconds = left / rate;
      left = seconds <= step * (1 + 1e-12) ? 0 : left - step * rate;
    };
    now += step;
    if (std::any_of(lanes.begin(), lanes.end(), [](const Lane &lane) { return lane.moves(); }))
      result.memorySeconds += step;
    else if (std::none_of(lanes.begin(), lanes.end(), [](const Lane &lane) { return lane.computes(); }))
      result.latencySeconds += step;
    for (size_t q = 0; q < lanes.size(); ++q) {
      Lane &lane = lanes[q];
      if (lane.isWaiting) {
        result.queues[q].stalledSeconds += step;
        lane.times.stalled += step;
      }
      if (!lane.isRunning)
        continue;
      result.queues[q].busySeconds += step;
      result.queues[q].computeSeconds += lane.computes() ? step : 0;
      lane.times.share += step / static_cast<double>(running);
      if (lane.setup > 0) {
        reduce(lane.setup, 1);
      } else {
        reduce(lane.unit, 1);
        reduce(lane.dram, dramRate);
        reduce(lane.shared, sharedRate);
      }
      if (lane.setup > 0 || lane.unit > 0 || lane.dram > 0 || lane.shared > 0)
        continue;
      const TimedCommand &command = queues[q][lane.next];
      if (command.kind == TimedCommand::Signal)
        ++counts[command.semaphore];
      lane.times.end = now;
      if (keepsCommands)
        result.commands[q].push_back(lane.times);
      lane.isRunning = false;
      ++lane.next;
    }
  }
}

} // namespace rblnc
