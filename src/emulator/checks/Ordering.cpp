#include "Ordering.h"

#include <algorithm>

namespace rblnc::emulator {

Ordering::Ordering(const DecodedProgram &program) {
  size_t queues = program.queues.size();
  producers.resize(program.program->semaphores());
  uint64_t signals = 0;
  for (uint32_t q = 0; q < queues; ++q)
    for (const DecodedCommand &command : program.queues[q].commands)
      if (auto *signal = std::get_if<SignalCommand>(&command.body)) {
        auto &list = producers[signal->semaphore];
        if (list.empty() || list.back().queue != q)
          list.push_back({q});
        ++list.back().signals;
        ++signals;
      }
  // A clock has an entry for each queue, and there is one for each queue and each signal.
  constexpr uint64_t maxEntries = uint64_t{1} << 26;
  possible = queues * (queues + signals) <= maxEntries;
  if (possible)
    clocks.assign(queues, Clock(queues, 0));
  for (uint32_t q = 0; possible && q < queues; ++q)
    clocks[q][q] = 1;
}

Epoch Ordering::overForAll(uint32_t queue) const {
  Epoch least = clocks[queue][queue];
  for (uint32_t other = 0; other < clocks.size(); ++other)
    if (other != queue)
      least = std::min(least, clocks[other][queue]);
  return least;
}

void Ordering::signal(uint32_t queue, uint32_t semaphore) {
  for (Producer &producer : producers[semaphore])
    if (producer.queue == queue)
      producer.published.push_back(clocks[queue]);
  ++clocks[queue][queue];
}

void Ordering::wait(uint32_t queue, uint32_t semaphore, uint32_t value) {
  // Of the signals that a wait has seen, those of one producer are certain that the others cannot have made up for.
  uint64_t all = 0;
  auto most = [&](const Producer &producer) -> uint64_t {
    return producer.queue == queue ? producer.published.size() : producer.signals;
  };
  for (const Producer &producer : producers[semaphore])
    all += most(producer);
  for (const Producer &producer : producers[semaphore]) {
    uint64_t others = all - most(producer);
    if (producer.queue == queue || value <= others)
      continue;
    uint64_t certain = std::min<uint64_t>(value - others, producer.published.size());
    if (certain == 0)
      continue;
    const Clock &seen = producer.published[certain - 1];
    for (size_t q = 0; q < seen.size(); ++q)
      clocks[queue][q] = std::max(clocks[queue][q], seen[q]);
  }
}

} // namespace rblnc::emulator
