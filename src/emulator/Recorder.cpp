#include "Recorder.h"

#include <fmt/format.h>

namespace rblnc::emulator {
namespace {

/// The tracks of the vendor's profiler.
std::string trackName(const DecodedQueue &queue) {
  constexpr std::string_view names[] = {"Command Processor", "Neural Engine Clusters", "Neural DMA", "Task DMA"};
  return fmt::format("{} {}", names[static_cast<size_t>(queue.unit)], queue.index);
}

} // namespace

void Recorder::beforeCommand(CommandPlace place, llvm::ArrayRef<int64_t> registers) {
  const DecodedCommand &command = at(place);
  Cost cost = costOf(command, registers);
  stats.dramBytes += cost.dramBytes;
  stats.dmaBytes += cost.movedBytes;
  stats.matmulFlops += cost.flops;
  stats.vectorOps += cost.vectorOps;
  if (std::holds_alternative<DmaCommand>(command.body))
    ++stats.dmaCommands;
  else if (std::holds_alternative<MatmulCommand>(command.body))
    ++stats.matmulCommands;
  else if (std::holds_alternative<LoadScalarCommand>(command.body))
    ++stats.scalarCommands;
  else
    ++stats.vectorCommands;
  executed[place.queue].push_back(timed(command, cost, program.target()));
}

void Recorder::addSync(CommandPlace place) {
  ++stats.syncCommands;
  executed[place.queue].push_back(timed(at(place), {}, program.target()));
}

void Recorder::afterSkip(CommandPlace place, uint32_t reg, uint32_t skipped) {
  stats.skippedCommands += skipped;
  addSync(place);
}

void Recorder::afterSignal(CommandPlace place, uint32_t semaphore) { addSync(place); }
void Recorder::afterWait(CommandPlace place, uint32_t semaphore, uint32_t value) { addSync(place); }

RunStats Recorder::finish() {
  std::vector<QueueTimes> times;
  stats.modelledSeconds = simulate(executed, program.target(), program.program->semaphores(), times);
  for (size_t q = 0; q < executed.size(); ++q)
    stats.queues.push_back(
        {trackName(program.queues[q]), executed[q].size(), times[q].busySeconds, times[q].stalledSeconds});
  stats.peakScratchpadBytes = static_cast<uint64_t>(std::max<int64_t>(0, program.program->peak_scratchpad()));
  stats.peakSharedBytes = static_cast<uint64_t>(std::max<int64_t>(0, program.program->peak_shared()));
  return std::move(stats);
}

} // namespace rblnc::emulator
