#include "Timing.h"

#include <algorithm>
#include <limits>

namespace rblnc::emulator {
double matmulRate(const MatmulCommand &matmul, const bundle::Target &target) {
  switch (matmul.a.dtype) {
  case DType::f16:
  case DType::bf16:
    return target.matmul_flops_per_second();
  case DType::i8:
    return target.matmul_flops_per_second() * target.matmul_i8_ratio();
  default:
    return target.matmul_flops_per_second() * target.matmul_f32_ratio();
  }
}

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

TimedCommand timed(const DecodedCommand &command, const Cost &cost, const bundle::Target &target) {
  TimedCommand result;
  result.dramBytes = static_cast<double>(cost.dramBytes);
  result.sharedBytes = static_cast<double>(cost.sharedBytes);
  if (std::holds_alternative<DmaCommand>(command.body)) {
    result.setupSeconds = target.dma_setup_seconds();
  } else if (auto *matmul = std::get_if<MatmulCommand>(&command.body)) {
    result.setupSeconds = target.matmul_setup_seconds();
    result.unitSeconds = static_cast<double>(cost.flops) / matmulRate(*matmul, target);
  } else if (std::holds_alternative<std::unique_ptr<VectorCommand>>(command.body)) {
    result.setupSeconds = target.vector_setup_seconds();
    result.unitSeconds = static_cast<double>(cost.vectorOps) / target.vector_ops_per_second();
  } else {
    result.setupSeconds = target.sync_seconds();
    if (auto *wait = std::get_if<WaitCommand>(&command.body)) {
      result.kind = TimedCommand::Wait;
      result.semaphore = wait->semaphore;
      result.value = wait->value;
    } else if (auto *signal = std::get_if<SignalCommand>(&command.body)) {
      result.kind = TimedCommand::Signal;
      result.semaphore = signal->semaphore;
    }
  }
  return result;
}

Simulation simulate(const std::vector<std::vector<TimedCommand>> &queues, const bundle::Target &target,
                    uint32_t semaphores, bool keepsCommands) {
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
          lane.setup = command.setupSeconds;
          lane.unit = command.unitSeconds;
          lane.dram = command.dramBytes;
          lane.shared = command.sharedBytes;
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
    double dramRate = target.dram_bytes_per_second() / static_cast<double>(std::max<size_t>(transfersDram, 1));
    double sharedRate = target.shared_bytes_per_second() / static_cast<double>(std::max<size_t>(transfersShared, 1));
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

} // namespace rblnc::emulator
