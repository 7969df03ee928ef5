// Proves that the queues cannot wait for each other for ever, whichever commands are skipped.
//
// Semaphores only count up, so more signals never hurt, and a program can be judged by the fewest signals that are
// certain. The proof goes command by command: a wait passes when enough signals have been proven to happen whenever the
// wait does. A command happens under the conditions of the skips around it ("register 3 is not zero"). A signal is
// certain for a wait when its conditions are a subset of the wait's. Two skips have the same condition when they test
// the same register in the same way and the program loads that register at most once; otherwise each skip is a
// condition of its own. Should a program read a register before it is loaded, the emulator's own check stops it.
#include "Context.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <vector>

namespace rblnc::bundle::verifier {
namespace {

/// Comparisons of condition sets. Real programs need a few for each wait.
constexpr uint64_t maxComparisons = uint64_t{1} << 26;

using Conditions = std::vector<uint32_t>; // sorted

class Synchronisation {
public:
  explicit Synchronisation(Context &context) : context(context), program(*context.program) {}

  llvm::Error run() {
    countLoads();
    auto queues = static_cast<uint32_t>(sizeOf(program.queues()));
    conditionsOf.resize(queues);
    position.resize(queues);
    for (uint32_t q = 0; q < queues; ++q)
      if (llvm::Error error = readConditions(q))
        return error;
    for (uint32_t q = 0; q < queues; ++q)
      ready.push_back(q);
    while (!ready.empty()) {
      uint32_t q = ready.back();
      ready.pop_back();
      advance(q);
      if (comparisons > maxComparisons)
        return context.error(Code::B031, "its skips and semaphores are too entangled to be verified");
    }
    for (uint32_t q = 0; q < queues; ++q)
      if (position[q] < sizeOf(commandsOf(q)))
        return stuck(q);
    return llvm::Error::success();
  }

private:
  const flatbuffers::Vector<flatbuffers::Offset<Command>> *commandsOf(uint32_t q) const {
    return program.queues()->Get(q)->commands();
  }

  void countLoads() {
    loads.resize(context.registerCount());
    for (uint32_t q = 0; q < sizeOf(program.queues()); ++q)
      for (uint32_t c = 0; c < sizeOf(commandsOf(q)); ++c)
        if (const LoadScalar *load = commandsOf(q)->Get(c)->body_as_LoadScalar())
          ++loads[load->register_()];
  }

  uint32_t conditionOf(const Skip &skip) {
    if (loads[skip.register_()] > 1)
      return nextCondition++;
    auto [it, isNew] = shared.try_emplace({skip.register_(), skip.when_zero()}, nextCondition);
    nextCondition += isNew;
    return it->second;
  }

  /// The conditions of every command of a queue, as numbers of distinct sets.
  llvm::Error readConditions(uint32_t q) {
    struct Open {
      uint32_t end;
      uint32_t condition;
    };
    std::vector<Open> open;
    for (uint32_t c = 0; c < sizeOf(commandsOf(q)); ++c) {
      std::erase_if(open, [&](Open skip) { return skip.end <= c; });
      Conditions conditions;
      for (Open skip : open)
        conditions.push_back(skip.condition);
      std::sort(conditions.begin(), conditions.end());
      conditions.erase(std::unique(conditions.begin(), conditions.end()), conditions.end());
      auto [it, isNew] = setNumbers.try_emplace(std::move(conditions), static_cast<uint32_t>(sets.size()));
      if (isNew)
        sets.push_back(&it->first);
      conditionsOf[q].push_back(it->second);
      if (const Skip *skip = commandsOf(q)->Get(c)->body_as_Skip()) {
        if (open.size() == maxSkipNesting)
          return context.error(Code::B036, fmt::format("skips are nested more than {} deep", maxSkipNesting));
        open.push_back({c + 1 + skip->count(), conditionOf(*skip)});
      }
    }
    return llvm::Error::success();
  }

  /// Takes a queue as far as it is proven to get.
  void advance(uint32_t q) {
    for (uint32_t &c = position[q]; c < sizeOf(commandsOf(q)); ++c) {
      const Command &command = *commandsOf(q)->Get(c);
      uint32_t set = conditionsOf[q][c];
      if (const Signal *signal = command.body_as_Signal()) {
        ++signalled[signal->semaphore()][set];
        std::vector<uint32_t> &waiters = waiting[signal->semaphore()];
        ready.insert(ready.end(), waiters.begin(), waiters.end());
        waiters.clear();
      } else if (const Wait *wait = command.body_as_Wait();
                 wait && certainSignals(wait->semaphore(), set) < wait->value()) {
        waiting[wait->semaphore()].push_back(q);
        return;
      }
    }
  }

  uint64_t certainSignals(uint32_t semaphore, uint32_t set) {
    uint64_t count = 0;
    for (auto [other, signals] : signalled[semaphore]) {
      comparisons += 1 + sets[other]->size();
      if (std::includes(sets[set]->begin(), sets[set]->end(), sets[other]->begin(), sets[other]->end()))
        count += signals;
    }
    return count;
  }

  llvm::Error stuck(uint32_t q) {
    context.queueNumber = q;
    context.queue = program.queues()->Get(q);
    context.commandNumber = position[q];
    context.command = commandsOf(q)->Get(position[q]);
    const Wait &wait = *context.command->body_as_Wait();
    return context.error(
        Code::B031, fmt::format("semaphore {} reaches {} and not {}: the queues would wait for ever", wait.semaphore(),
                                certainSignals(wait.semaphore(), conditionsOf[q][position[q]]), wait.value()));
  }

  Context &context;
  const Program &program;
  std::vector<uint32_t> loads;
  std::map<std::pair<uint32_t, bool>, uint32_t> shared;
  uint32_t nextCondition = 0;
  std::map<Conditions, uint32_t> setNumbers;
  std::vector<const Conditions *> sets;
  std::vector<std::vector<uint32_t>> conditionsOf;
  std::vector<uint32_t> position;
  /// For each semaphore that is used, how many signals are proven, by their condition set.
  std::map<uint32_t, std::map<uint32_t, uint64_t>> signalled;
  std::map<uint32_t, std::vector<uint32_t>> waiting;
  std::vector<uint32_t> ready;
  uint64_t comparisons = 0;
};

} // namespace

llvm::Error verifySynchronisation(Context &context) { return Synchronisation(context).run(); }

} // namespace rblnc::bundle::verifier
