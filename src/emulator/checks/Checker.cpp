#include "Checker.h"

#include "rblnc/bundle/Describe.h"

#include <algorithm>
#include <fmt/format.h>

namespace rblnc::emulator {

// ---- Written bytes --------------------------------------------------------------------------------------------------

void WrittenBytes::grow(int64_t end) {
  auto needed = static_cast<size_t>(end / 64 + 1);
  if (words.size() < needed)
    words.resize(std::max(needed, 2 * words.size()));
}

void WrittenBytes::add(int64_t first, int64_t count) {
  grow(first + count);
  for (int64_t end = first + count; first < end;) {
    int64_t bit = first % 64, n = std::min<int64_t>(64 - bit, end - first);
    words[static_cast<size_t>(first / 64)] |= (~uint64_t{0} >> (64 - n)) << bit;
    first += n;
  }
}

int64_t WrittenBytes::firstMissing(int64_t first, int64_t count) const {
  for (int64_t end = first + count; first < end;) {
    int64_t bit = first % 64, n = std::min<int64_t>(64 - bit, end - first);
    auto word = static_cast<size_t>(first / 64);
    uint64_t mask = (~uint64_t{0} >> (64 - n)) << bit;
    if (uint64_t missing = mask & ~(word < words.size() ? words[word] : 0))
      return first - bit + __builtin_ctzll(missing);
    first += n;
  }
  return -1;
}

// ---- Commands -------------------------------------------------------------------------------------------------------

void Checker::beforeCommand(CommandPlace place, const Touched &touched) {
  const bundle::Command &command = *program.queues[place.queue].commands[place.command].source;
  bundle::forEachRegisterRead(command, bundle::accessesOf(command), [&](uint32_t reg) { useRegister(place, reg); });
  for (const Footprint &footprint : touched.footprints)
    if (!footprint.isWritten && footprint.memory != bundle::Memory::dram)
      checkWritten(place, footprint);
  for (const Footprint &footprint : touched.footprints) {
    checkRaces(place, footprint);
    if (footprint.isWritten && footprint.memory != bundle::Memory::dram)
      footprint.forEachRun([&, &bytes = written[{footprint.memory, footprint.unit}]](int64_t at) {
        bytes.add(at, footprint.run);
        return true;
      });
    remember(place, footprint);
  }
}

void Checker::afterCommand(CommandPlace place, const Outcome &outcome) {
  if (outcome.zeroDivisors)
    findings.add(Code::R043, Severity::Warning, place,
                 fmt::format("divides integers by zero {} times", outcome.zeroDivisors),
                 "mask the divisor, for example with tl.where(d == 0, 1, d)");
}

void Checker::checkWritten(CommandPlace place, const Footprint &footprint) {
  const WrittenBytes &bytes = written[{footprint.memory, footprint.unit}];
  footprint.forEachRun([&](int64_t at) {
    int64_t missing = bytes.firstMissing(at, footprint.run);
    if (missing >= 0)
      findings.add(Code::R040, Severity::Error, place,
                   fmt::format("reads {}, which nothing has written",
                               findings.nameOfByte(footprint.memory, footprint.unit, missing)));
    return missing < 0;
  });
}

// ---- Races ----------------------------------------------------------------------------------------------------------

void Checker::giveUp(CommandPlace place) {
  if (!hasGivenUp)
    findings.add(Code::R044, Severity::Warning, place,
                 "is the last one that was checked for data races: the program is too large");
  hasGivenUp = true;
}

void Checker::checkRaces(CommandPlace place, const Footprint &footprint) {
  if (!ordering.isPossible())
    return giveUp(place);
  if (hasGivenUp)
    return;
  auto history = histories.find({footprint.memory, footprint.unit});
  if (history == histories.end())
    return;
  auto &byQueue = history->second.byQueue;
  for (uint32_t q = 0; q < byQueue.size(); ++q) {
    if (q == place.queue)
      continue;
    for (size_t i = byQueue[q].size(); i-- > 0 && !ordering.isOver(q, byQueue[q][i].epoch, place.queue);) {
      const Record &other = byQueue[q][i];
      if (budget == 0)
        return giveUp(place);
      --budget;
      if (!footprint.isWritten && !other.footprint.isWritten)
        continue;
      int64_t byte = -1;
      Meeting meeting = meet(footprint, other.footprint, budget, byte);
      if (meeting == Meeting::TooCostly)
        return giveUp(place);
      if (meeting == Meeting::Apart)
        continue;
      findings.add(Code::R041, Severity::Error, place,
                   fmt::format("{} {}, and is not ordered with another queue that {} it",
                               footprint.isWritten ? "writes" : "reads",
                               findings.nameOfByte(footprint.memory, footprint.unit, byte),
                               other.footprint.isWritten ? "writes" : "reads"),
                   {}, other.place, other.footprint.isWritten ? "writes it" : "reads it");
      break; // one for each queue says enough
    }
  }
}

void Checker::remember(CommandPlace place, Footprint footprint) {
  if (hasGivenUp || program.queues.size() < 2)
    return;
  History &history = histories[{footprint.memory, footprint.unit}];
  history.byQueue.resize(program.queues.size());
  auto &records = history.byQueue[place.queue];
  records.push_back({std::move(footprint), place, ordering.now(place.queue)});
  if (records.size() < history.pruneAt)
    return;
  Epoch over = ordering.overForAll(place.queue);
  std::erase_if(records, [&](const Record &record) { return record.epoch <= over; });
  history.pruneAt = std::max<size_t>(1024, 2 * records.size());
}

void Checker::afterSignal(CommandPlace place, uint32_t semaphore) {
  if (ordering.isPossible())
    ordering.signal(place.queue, semaphore);
}

void Checker::afterWait(CommandPlace place, uint32_t semaphore, uint32_t value) {
  if (ordering.isPossible())
    ordering.wait(place.queue, semaphore, value);
}

// ---- Registers ------------------------------------------------------------------------------------------------------

void Checker::useRegister(CommandPlace place, uint32_t reg) {
  RegisterState &state = registers[reg];
  if (!state.isLoaded) {
    findings.add(Code::R042, Severity::Error, place, fmt::format("uses register {}, which nothing has loaded", reg));
    return;
  }
  if (!ordering.isPossible())
    return;
  if (!ordering.isOver(state.loadedBy.queue, state.loadedAt, place.queue))
    findings.add(Code::R041, Severity::Error, place,
                 fmt::format("uses register {}, and is not ordered with the queue that loads it", reg), {},
                 state.loadedBy, "loads it");
  state.uses[place.queue] = {place, ordering.now(place.queue)};
}

void Checker::afterSkip(CommandPlace place, uint32_t reg, uint32_t skipped) { useRegister(place, reg); }

void Checker::afterLoadScalar(CommandPlace place, uint32_t reg) {
  RegisterState &state = registers[reg];
  if (ordering.isPossible()) {
    if (state.isLoaded && !ordering.isOver(state.loadedBy.queue, state.loadedAt, place.queue))
      findings.add(Code::R041, Severity::Error, place,
                   fmt::format("loads register {}, and is not ordered with another queue that loads it", reg), {},
                   state.loadedBy, "loads it");
    for (auto &[queue, use] : state.uses)
      if (!ordering.isOver(queue, use.epoch, place.queue))
        findings.add(Code::R041, Severity::Error, place,
                     fmt::format("loads register {}, and is not ordered with a queue that uses it", reg), {}, use.place,
                     "uses it");
    state.loadedAt = ordering.now(place.queue);
    state.uses.clear();
  }
  state.isLoaded = true;
  state.loadedBy = place;
}

} // namespace rblnc::emulator
