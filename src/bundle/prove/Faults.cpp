// What the prover says about what it cannot prove.
#include "Prover.h"

#include "rblnc/bundle/Describe.h"

#include <algorithm>
#include <fmt/format.h>

namespace rblnc::bundle::prover {

const Command &Prover::commandAt(Place place) const {
  return *program.queues()->Get(place.queue)->commands()->Get(place.command);
}

std::string Prover::nameOf(Place place) const {
  const Queue &queue = *program.queues()->Get(place.queue);
  return fmt::format("command {} of {} ({})", place.command, bundle::nameOf(queue.unit(), queue.index()),
                     kindOf(commandAt(place).body_type()));
}

void Prover::addFault(Place place, std::string message, std::string fix) {
  faults.push_back({code,
                    Severity::Error,
                    nameOf(place) + " " + message,
                    framesOf(bundle, commandAt(place).line()),
                    std::move(fix),
                    {}});
}

void Prover::addRace(const Space &space, const Touch &touch, Place place, uint32_t otherLeaf, Place other,
                     bool otherWrites) {
  const Footprint &mine = space.history->footprint(touch.leaf), &others = space.history->footprint(otherLeaf);
  std::string what, its;
  if (space.isRegisters) {
    what = fmt::format("{} register {}", touch.isWrite ? "loads" : "uses", touch.leaf);
    its = fmt::format("{} it", otherWrites ? "loads" : "uses");
  } else {
    auto range = [](const Footprint &footprint) { return fmt::format("{} to {}", footprint.first, footprint.last); };
    what = fmt::format("{} bytes {} with {}", touch.isWrite ? "writes" : "reads", range(mine),
                       nameOfByte(bundle, program, space.memory, space.unit, std::max(mine.first, others.first)));
    its = fmt::format("{} bytes {} there", otherWrites ? "writes" : "reads", range(others));
  }
  addFault(place, fmt::format("{}, and nothing orders it with {}, which {}", what, nameOf(other), its),
           "signal a semaphore after one of the two and wait for it before the other");
  faults.back().notes.push_back({nameOf(other) + " " + its, framesOf(bundle, commandAt(other).line())});
}

void Prover::giveUp() {
  if (!hasGivenUp)
    faults.push_back(
        {code,
         Severity::Error,
         fmt::format("kernel '{}' has too many commands, waits and conditions for a proof that none of its "
                     "commands race",
                     program.kernel()->str()),
         {},
         "write fewer commands that touch the same memory from several queues",
         {}});
  hasGivenUp = true;
}

} // namespace rblnc::bundle::prover
