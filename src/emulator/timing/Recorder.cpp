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

void Recorder::beforeCommand(CommandPlace place, const Touched &touched) {
  const DecodedCommand &command = at(place);
  if (profiler)
    profiler->touch(place.queue, touched);
  add(place, touched);
  switch (command.visit([](const auto &body) { return body.kind; })) {
  case CommandClass::Transfer:
    ++stats.dmaCommands;
    if (const bundle::Dma *dma = command.source->body_as_Dma(); dma && dma->layout_change()) {
      ++stats.layoutChanges;
      stats.layoutChangeBytes += touched.writtenBytes;
    }
    break;
  case CommandClass::Product:
    ++stats.matmulCommands;
    break;
  case CommandClass::Vector:
    ++stats.vectorCommands;
    break;
  case CommandClass::Scalar:
    ++stats.scalarCommands;
    break;
  case CommandClass::Synchronization:
    ++stats.syncCommands;
    break;
  }
}

void Recorder::add(CommandPlace place, const Touched &touched) {
  const DecodedCommand &command = at(place);
  Cost cost = costOf(command, touched);
  stats.dramBytes += cost.dramBytes;
  stats.dmaBytes += cost.movedBytes;
  stats.matmulFlops += cost.flops;
  stats.vectorOps += cost.vectorOps;
  executed[place.queue].push_back(timed(command, touched, model));
  if (profiler)
    profiler->add(place, cost);
}

void Recorder::addSync(CommandPlace place) {
  ++stats.syncCommands;
  add(place, {});
}

void Recorder::afterSkip(CommandPlace place, uint32_t reg, uint32_t skipped) {
  stats.skippedCommands += skipped;
  addSync(place);
}

void Recorder::afterSignal(CommandPlace place, uint32_t semaphore) { addSync(place); }
void Recorder::afterWait(CommandPlace place, uint32_t semaphore, uint32_t value) { addSync(place); }

RunResult Recorder::finish() {
  Simulation times = simulate(executed, model, program.program->semaphores(), profiler.has_value());
  stats.modelledSeconds = times.seconds;
  for (size_t q = 0; q < executed.size(); ++q)
    stats.queues.push_back({trackName(program.queues[q]), executed[q].size(), times.queues[q].busySeconds,
                            times.queues[q].stalledSeconds, times.queues[q].computeSeconds});
  stats.peakScratchpadBytes = static_cast<uint64_t>(std::max<int64_t>(0, program.program->peak_scratchpad()));
  stats.peakSharedBytes = static_cast<uint64_t>(std::max<int64_t>(0, program.program->peak_shared()));
  RunResult result;
  if (profiler)
    result.profile = profiler->finish(times);
  result.stats = std::move(stats);
  return result;
}

} // namespace rblnc::emulator
