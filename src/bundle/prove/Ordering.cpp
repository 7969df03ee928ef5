#include "Ordering.h"
#include "rblnc/support/Watch.h"

#include <algorithm>

namespace rblnc::bundle::prover {

/// Entries of all clocks together: 256 MiB.
static constexpr size_t maxEntries = size_t{1} << 26;
/// Sets of conditions that a queue keeps clocks for; the oldest are forgotten.
static constexpr size_t mostLearned = 32;
/// Comparisons of conditions. Real programs need a few for each wait.
static constexpr uint64_t maxSteps = uint64_t{1} << 30;

Ordering::Ordering(const Program &program, const Conditions &conditions) : conditions(conditions) {
  size_t count = program.queues() ? program.queues()->size() : 0;
  queues.resize(count);
  clockOf.resize(count);
  knownAt.resize(count);
  pool.assign(count, 0);
  for (size_t q = 0; q < count; ++q) {
    queues[q].commands = program.queues()->Get(static_cast<uint32_t>(q))->commands();
    queues[q].now.clock.assign(count, 0);
    queues[q].learned = {queues[q].now};
    clockOf[q].resize(queues[q].commands ? queues[q].commands->size() : 0);
    knownAt[q].resize(clockOf[q].size());
  }
  semaphores.resize(program.semaphores());
  listSignals();
  walk();
}

void Ordering::listSignals() {
  for (uint32_t q = 0; q < queues.size(); ++q)
    for (uint32_t c = 0; c < clockOf[q].size(); ++c)
      if (const Signal *signal = queues[q].commands->Get(c)->body_as_Signal()) {
        std::vector<Producer> &producers = semaphores[signal->semaphore()].producers;
        if (producers.empty() || producers.back().queue != q)
          producers.push_back({q});
        producers.back().signals.push_back({c});
      }
}

void Ordering::walk() {
  for (auto q = static_cast<uint32_t>(queues.size()); q-- > 0;)
    ready.push_back(q);
  while (possible) {
    while (!ready.empty() && possible) {
      uint32_t q = ready.back();
      ready.pop_back();
      advance(q, /*isForced=*/false);
    }
    // Waits of branches that exclude each other may seem to need each other. One of them goes on knowing less.
    auto blocked = std::find_if(queues.begin(), queues.end(), [&](const QueueState &queue) {
      return queue.next < clockOf[static_cast<size_t>(&queue - queues.data())].size();
    });
    if (blocked == queues.end())
      return;
    auto q = static_cast<uint32_t>(blocked - queues.begin());
    for (Semaphore &semaphore : semaphores)
      std::erase(semaphore.waiting, q);
    advance(q, /*isForced=*/true);
  }
}

void Ordering::advance(uint32_t q, bool isForced) {
  QueueState &queue = queues[q];
  uint32_t first = queue.next;
  for (; queue.next < clockOf[q].size(); ++queue.next) {
    if (wasStopped())
      possible = false;
    if (!possible)
      return;
    const Command &command = *queue.commands->Get(queue.next);
    Number set = conditions.of({q, queue.next});
    if (!conditions.isPossible(set)) {
      if (const Signal *signal = command.body_as_Signal())
        pass(q, *signal, {});
      continue;
    }
    if (set != queue.now.set)
      enter(queue, set);
    if (const Wait *wait = command.body_as_Wait()) {
      if (!learn(q, *wait, isForced)) {
        semaphores[wait->semaphore()].waiting.push_back(q);
        break;
      }
      isForced = false;
      continue;
    }
    save(queue.now);
    saveKnowledge(queue);
    if (!possible)
      return;
    clockOf[q][queue.next] = queue.now.number;
    knownAt[q][queue.next] = queue.number;
    if (const Signal *signal = command.body_as_Signal())
      pass(q, *signal, queue.knowledge);
  }
  if (queue.next > first)
    runs.push_back({q, first, queue.next});
}

/// A queue that comes to a signal lets those go on that wait for it.
void Ordering::pass(uint32_t q, const Signal &signal, Knowledge knowledge) {
  Semaphore &semaphore = semaphores[signal.semaphore()];
  auto producer = std::find_if(semaphore.producers.begin(), semaphore.producers.end(),
                               [&](const Producer &producer) { return producer.queue == q; });
  producer->signals[producer->seen++].knowledge = knowledge;
  ready.insert(ready.end(), semaphore.waiting.begin(), semaphore.waiting.end());
  semaphore.waiting.clear();
}

/// Whether that changes the clock.
static bool joinInto(std::vector<uint32_t> &clock, llvm::function_ref<uint32_t(size_t)> other) {
  bool changes = false;
  for (size_t q = 0; q < clock.size(); ++q)
    if (uint32_t entry = other(q); entry > clock[q]) {
      clock[q] = entry;
      changes = true;
    }
  return changes;
}

void Ordering::enter(QueueState &queue, Number set) {
  queue.now.set = set;
  queue.now.clock = queue.learned.front().clock;
  queue.now.isSaved = false;
  for (const Learned &learned : queue.learned)
    if (++steps; conditions.implies(set, learned.set))
      joinInto(queue.now.clock, [&](size_t q) { return learned.clock[q]; });
}

void Ordering::save(Learned &learned) {
  if (learned.isSaved)
    return;
  if (pool.size() + learned.clock.size() > maxEntries) {
    possible = false;
    return;
  }
  learned.isSaved = true;
  learned.number = static_cast<uint32_t>(pool.size() / learned.clock.size());
  pool.insert(pool.end(), learned.clock.begin(), learned.clock.end());
}

void Ordering::saveKnowledge(QueueState &queue) {
  if (!queue.hasChanged)
    return;
  queue.hasChanged = false;
  // What holds under no conditions as well says nothing more.
  const Clock always = queue.learned.front().clock;
  std::erase_if(queue.learned, [&](const Learned &learned) {
    for (size_t q = 0; q < always.size(); ++q)
      if (learned.clock[q] > always[q])
        return false;
    return learned.set != 0;
  });
  possible = possible && facts.size() <= maxEntries / 4;
  queue.knowledge.first = static_cast<uint32_t>(facts.size());
  for (Learned &learned : queue.learned) {
    save(learned);
    facts.push_back({learned.set, learned.number});
  }
  queue.knowledge.end = static_cast<uint32_t>(facts.size());
  queue.number = static_cast<uint32_t>(known.size());
  known.push_back(queue.knowledge);
}

/// What the queue knows from now on wherever all conditions of a set hold.
void Ordering::addFact(QueueState &queue, Number set, llvm::function_ref<uint32_t(size_t)> clock) {
  auto found = std::find_if(queue.learned.begin(), queue.learned.end(),
                            [&](const Learned &learned) { return learned.set == set; });
  if (found == queue.learned.end()) {
    if (queue.learned.size() == mostLearned)
      queue.learned.erase(queue.learned.begin() + 1);
    queue.learned.push_back({set, Clock(queues.size(), 0)});
    found = queue.learned.end() - 1;
  }
  if (!joinInto(found->clock, clock))
    return;
  found->isSaved = false;
  queue.hasChanged = true;
  if (conditions.implies(queue.now.set, set) && joinInto(queue.now.clock, clock))
    queue.now.isSaved = false;
}

bool Ordering::isBeforeWhereBoth(Place a, Place b) const {
  if (isBefore(a, b) || a.queue == b.queue)
    return isBefore(a, b);
  Conditions::Set both = conditions.join(conditions.of(a), conditions.of(b));
  Knowledge knowledge = known[knownAt[b.queue][b.command]];
  for (uint32_t i = knowledge.first; i < knowledge.end; ++i)
    if (conditions.holds(facts[i].set, both) &&
        pool[static_cast<size_t>(facts[i].clock) * queues.size() + a.queue] > a.command)
      return true;
  return false;
}

/// False when signals are needed that the walk has not come to; then nothing is learned, unless it is forced.
bool Ordering::learn(uint32_t q, const Wait &wait, bool isForced) {
  Number set = queues[q].now.set;
  const std::vector<Producer> &producers = semaphores[wait.semaphore()].producers;
  // Signals behind the wait in its own queue come after it.
  auto most = [&](const Producer &producer) -> uint64_t {
    return producer.queue == q ? producer.seen : producer.signals.size();
  };
  uint64_t all = 0;
  for (const Producer &producer : producers)
    all += most(producer);
  struct Proven {
    uint32_t queue;
    const Emitted *signal;
  };
  std::vector<Proven> proven;
  for (const Producer &producer : producers) {
    uint64_t others = all - most(producer);
    if (producer.queue == q || wait.value() <= others)
      continue;
    uint64_t index = std::min<uint64_t>(wait.value() - others, producer.signals.size()) - 1;
    if (index < producer.seen)
      proven.push_back({producer.queue, &producer.signals[index]});
    else if (!isForced)
      return false;
  }
  possible = possible && steps <= maxSteps;
  QueueState &queue = queues[q];
  for (auto [other, signal] : proven) {
    addFact(queue, set, [&](size_t entry) { return entry == other ? signal->command + 1 : 0; });
    for (uint32_t i = signal->knowledge.first; i < signal->knowledge.end; ++i) {
      Fact fact = facts[i];
      ++steps;
      // It holds where the wait runs and the fact's conditions hold; a set that no command has is of no use.
      if (auto both = conditions.numberOfBoth(fact.set, set))
        addFact(queue, *both, [&](size_t entry) { return pool[fact.clock * queues.size() + entry]; });
    }
  }
  return true;
}

} // namespace rblnc::bundle::prover
