#include "Prover.h"

#include "rblnc/bundle/Ops.h"
#include "rblnc/bundle/Prove.h"
#include "rblnc/support/Watch.h"

#include "llvm/ADT/StringMap.h"

#include <algorithm>

namespace rblnc::bundle {
namespace prover {
namespace {

/// Far beyond what real programs need: about ten seconds.
constexpr uint64_t maxSteps = uint64_t{1} << 31;

using Key = llvm::SmallVector<int64_t, 48>;

/// Everything that tells one footprint from another in the same memory.
Key keyOf(const AccessUse &use) {
  const Access &access = *use.access;
  Key key{access.offset(), static_cast<int64_t>(bytesOf(access.dtype()))};
  for (size_t d = 0; d < use.shape.size(); ++d)
    key.append({use.shape[d], access.strides()->Get(static_cast<uint32_t>(d))});
  if (access.terms())
    for (const Term *term : *access.terms())
      key.append({-1, term->register_(), term->scale()});
  if (use.clips)
    for (const Clip *clip : *use.clips)
      key.append({-2, clip->axis(), clip->register_(), clip->lo(), clip->lo_scale(), clip->hi(), clip->hi_scale()});
  return key;
}

/// One register, as a byte of a memory of registers.
Footprint footprintOf(uint32_t reg) {
  Footprint footprint;
  footprint.first = footprint.last = footprint.plain.base = footprint.placed.base = reg;
  return footprint;
}

} // namespace

/// What holds in all runs with certain conditions.
struct Prover::World {
  World(const Program &program, const Conditions &all, const Conditions::Set &assumed)
      : assumed(assumed), conditions(all.assuming(assumed)), ordering(program, conditions) {}

  Conditions::Set assumed;
  Conditions conditions;
  Ordering ordering;
};

Prover::Prover(const Bundle &bundle, const Program &program, Code code, std::vector<Diagnostic> &faults)
    : bundle(bundle), program(program), code(code), faults(faults), conditions(program), ordering(program, conditions) {
  touches.resize(program.queues() ? program.queues()->size() : 0);
  loads.resize(program.registers() ? program.registers()->size() : 0);
}

void Prover::run() {
  if (wasStopped())
    return;
  if (!ordering.isPossible())
    return giveUp();
  listSpaces();
  listTouches();
  std::vector<size_t> next(touches.size());
  for (Ordering::Run run : ordering.order())
    for (std::vector<Touch> &list = touches[run.queue]; next[run.queue] < list.size(); ++next[run.queue]) {
      const Touch &touch = list[next[run.queue]];
      if (touch.command >= run.end)
        break;
      check({run.queue, touch.command}, touch);
      if (steps > maxSteps)
        giveUp();
      if (isDone() || wasStopped())
        return;
    }
}

/// The memories that matter, and where registers are loaded.
void Prover::listSpaces() {
  std::map<std::tuple<bool, Memory, uint32_t>, std::pair<Space, bool>> found;
  auto touch = [&](bool isRegisters, Memory memory, uint32_t unit, uint32_t queue, bool isWrite) {
    auto &[space, isWritten] =
        found.try_emplace({isRegisters, memory, unit}, Space{memory, unit, isRegisters}, false).first->second;
    isWritten |= isWrite;
    if (space.queues.empty() || space.queues.back() != queue)
      space.queues.push_back(queue);
  };
  for (uint32_t q = 0; q < touches.size(); ++q)
    if (const auto *commands = program.queues()->Get(q)->commands())
      for (uint32_t c = 0; c < commands->size(); ++c) {
        const Command &command = *commands->Get(c);
        auto uses = accessesOf(command);
        for (const AccessUse &use : uses)
          touch(false, use.access->memory(), use.access->unit(), q, use.isWritten);
        forEachRegisterRead(command, uses, [&](uint32_t) { touch(true, Memory::dram, 0, q, false); });
        if (const LoadScalar *load = command.body_as_LoadScalar()) {
          touch(true, Memory::dram, 0, q, true);
          loads[load->register_()].places.push_back({q, c});
        }
      }
  for (auto &[key, entry] : found)
    if ((entry.second && entry.first.queues.size() > 1) || entry.first.isRegisters)
      spaces.push_back(std::move(entry.first));
}

/// The footprints in each of the memories, and which command touches which of them.
void Prover::listTouches() {
  std::map<std::pair<Memory, uint32_t>, uint32_t> numbers;
  std::optional<uint32_t> registers;
  for (uint32_t i = 0; i < spaces.size(); ++i) {
    if (spaces[i].isRegisters)
      registers = i;
    else
      numbers[{spaces[i].memory, spaces[i].unit}] = i;
  }
  std::vector<llvm::StringMap<uint32_t>> leaves(spaces.size());
  std::vector<std::vector<Footprint>> footprints(spaces.size());
  if (registers)
    for (uint32_t reg = 0; reg < loads.size(); ++reg)
      footprints[*registers].push_back(footprintOf(reg));
  const Target &target = *bundle.targets()->Get(program.target());
  auto bytesIn = [&](const Access &access) {
    return access.memory() == Memory::dram     ? bundle.regions()->Get(access.unit())->bytes()
           : access.memory() == Memory::shared ? target.shared_bytes()
                                               : target.scratchpad_bytes();
  };
  for (uint32_t q = 0; q < touches.size(); ++q)
    if (const auto *commands = program.queues()->Get(q)->commands())
      for (uint32_t c = 0; c < commands->size(); ++c) {
        if (wasStopped())
          return;
        if (!conditions.isPossible(conditions.of({q, c})))
          continue;
        const Command &command = *commands->Get(c);
        auto uses = accessesOf(command);
        for (const AccessUse &use : uses) {
          auto number = numbers.find({use.access->memory(), use.access->unit()});
          if (number == numbers.end() || llvm::is_contained(use.shape, 0))
            continue;
          uint32_t space = number->second;
          Key key = keyOf(use);
          llvm::StringRef text(reinterpret_cast<const char *>(key.data()), key.size() * sizeof(int64_t));
          auto [leaf, isNew] = leaves[space].try_emplace(text, static_cast<uint32_t>(footprints[space].size()));
          if (isNew)
            footprints[space].push_back(prover::footprintOf(use, program, conditions, bytesIn(*use.access)));
          if (!footprints[space][leaf->second].isEmpty())
            touches[q].push_back({c, space, leaf->second, use.isWritten});
        }
        forEachRegisterRead(command, uses, [&](uint32_t reg) { touches[q].push_back({c, *registers, reg, false}); });
        if (const LoadScalar *load = command.body_as_LoadScalar())
          touches[q].push_back({c, *registers, load->register_(), true});
      }
  for (uint32_t i = 0; i < spaces.size(); ++i)
    spaces[i].history = std::make_unique<History>(std::move(footprints[i]), spaces[i].queues);
}

void Prover::check(Place place, const Touch &touch) {
  const Space &space = spaces[touch.space];
  if (space.isRegisters && !touch.isWrite)
    checkLoaded(place, touch.leaf);
  History &history = *space.history;
  auto overBefore = [&](uint32_t queue) { return ordering.overBefore(place, queue); };
  auto apart = [&](uint32_t a, uint32_t b) {
    return areApart(history.footprint(a), history.footprint(b), program, steps);
  };
  auto visit = [&](uint32_t leaf, History::Touch other) {
    if (areOrdered(other.place, place))
      return true;
    addRace(space, touch, place, leaf, other.place, other.isWrite);
    return false;
  };
  history.findOpen(touch.leaf, place, touch.isWrite, overBefore, apart, visit, steps);
  history.add(touch.leaf, place, touch.isWrite);
}

void Prover::checkLoaded(Place place, uint32_t reg) {
  for (Place load : loads[reg].places) {
    ++steps;
    if (isLoadedBefore(load, place))
      return;
  }
  // A load that is not ordered is a race, and reported as such.
  for (Place load : loads[reg].places)
    if (!ordering.isBefore(place, load) && load.queue != place.queue && !areOrdered(load, place) &&
        conditions.implies(conditions.of(place), conditions.of(load)))
      return;
  std::string fix =
      loads[reg].places.empty() ? "load it" : "load it before, and not only where this command is skipped";
  addFault(place, "uses register " + std::to_string(reg) + ", which need not have been loaded by then", fix);
}

bool Prover::areOrdered(Place a, Place b) {
  if (ordering.isBeforeWhereBoth(a, b) || ordering.isBeforeWhereBoth(b, a))
    return true;
  Conditions::Number first = conditions.of(a), second = conditions.of(b);
  if (!conditions.areCompatible(first, second))
    return true;
  // The two run together only where the conditions of both hold, and more may be certain there.
  const World *both = worldOf(conditions.join(first, second));
  return both && (both->ordering.isBefore(a, b) || both->ordering.isBefore(b, a));
}

bool Prover::isLoadedBefore(Place load, Place use) {
  if (!conditions.implies(conditions.of(use), conditions.of(load)))
    return false;
  if (ordering.isBefore(load, use))
    return true;
  if (load.queue == use.queue)
    return false;
  const World *both = worldOf(conditions.set(conditions.of(use)));
  return both && both->ordering.isBefore(load, use);
}

/// The last one is kept: faults come in bunches. Null when there is nothing to assume, or too much to do.
const Prover::World *Prover::worldOf(const Conditions::Set &assumed) {
  if (assumed.empty() || hasGivenUp)
    return nullptr;
  if (!world || world->assumed != assumed) {
    for (const Ordering::Run &run : ordering.order())
      steps += 16 * uint64_t{run.end - run.first};
    if (steps > maxSteps)
      return nullptr;
    world = std::make_unique<World>(program, conditions, assumed);
  }
  return world->ordering.isPossible() ? world.get() : nullptr;
}

} // namespace prover

std::vector<Diagnostic> findUnordered(const Bundle &bundle, Code code) {
  std::vector<Diagnostic> faults;
  if (bundle.programs())
    for (const Program *program : *bundle.programs()) {
      std::vector<Diagnostic> found;
      prover::Prover(bundle, *program, code, found).run();
      faults.insert(faults.end(), found.begin(), found.end());
    }
  return faults;
}

} // namespace rblnc::bundle
