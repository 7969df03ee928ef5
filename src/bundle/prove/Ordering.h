// Which commands are certain to be over before which others begin, in every run of a program.
#pragma once

#include "Conditions.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace rblnc::bundle::prover {

/// A vector clock for every command, found from queues, signals and waits alone.
///
/// A wait that passes proves that a signal has happened, or was skipped, when all others of the semaphore, but for
/// those behind it in its queue, are fewer than it waits for. What is learned under the conditions of a wait holds
/// wherever they hold: a queue keeps a clock for each set of conditions under which it knows more than under none, and
/// its signals hand all of them on.
class Ordering {
public:
  Ordering(const Program &program, const Conditions &conditions);

  /// False when there are too many queues and waits to keep clocks for, or too many conditions to compare; then nothing
  /// else may be called.
  bool isPossible() const { return possible; }
  /// If `observer` runs, all commands of another queue with lower numbers than this are over or skipped by then.
  uint32_t overBefore(Place observer, uint32_t queue) const {
    return pool[static_cast<size_t>(clockOf[observer.queue][observer.command]) * queues.size() + queue];
  }
  /// Whether a is over or skipped before b begins, in every run that has b.
  bool isBefore(Place a, Place b) const {
    return a.queue == b.queue ? a.command < b.command : a.command < overBefore(b, a.queue);
  }
  /// Whether a is over before b begins, in every run that has both.
  bool isBeforeWhereBoth(Place a, Place b) const;

  /// Commands [first, end) of a queue.
  struct Run {
    uint32_t queue, first, end;
  };
  /// An order of all commands that every queue and every wait keeps.
  const std::vector<Run> &order() const { return runs; }

private:
  using Clock = std::vector<uint32_t>;
  using Number = Conditions::Number;

  /// A clock that holds under a set of conditions.
  struct Fact {
    Number set;
    uint32_t clock;
  };
  /// Facts [first, end).
  struct Knowledge {
    uint32_t first = 0, end = 0;
  };
  struct Emitted {
    uint32_t command;
    Knowledge knowledge{};
  };
  struct Producer {
    uint32_t queue;
    std::vector<Emitted> signals{};
    size_t seen = 0; ///< how many of them the walk has passed
  };
  struct Semaphore {
    std::vector<Producer> producers;
    std::vector<uint32_t> waiting; ///< queues
  };
  /// A clock that may still grow; `number` is that of its copy in the pool when `isSaved`.
  struct Learned {
    Number set = 0;
    Clock clock;
    uint32_t number = 0;
    bool isSaved = true;
  };
  struct QueueState {
    const flatbuffers::Vector<flatbuffers::Offset<Command>> *commands = nullptr;
    uint32_t next = 0;
    Learned now;                  ///< all that holds under the conditions of the last command
    std::vector<Learned> learned; ///< that of no conditions first
    Knowledge knowledge;          ///< `learned`, unless it has changed
    uint32_t number = 0;          ///< of the knowledge in `known`
    bool hasChanged = true;
  };

  void listSignals();
  void walk();
  void advance(uint32_t q, bool isForced);
  void pass(uint32_t q, const Signal &signal, Knowledge knowledge);
  void enter(QueueState &queue, Number set);
  bool learn(uint32_t q, const Wait &wait, bool isForced);
  void addFact(QueueState &queue, Number set, llvm::function_ref<uint32_t(size_t)> clock);
  void save(Learned &learned);
  void saveKnowledge(QueueState &queue);

  const Conditions &conditions;
  bool possible = true;
  uint64_t steps = 0;
  std::vector<QueueState> queues;
  std::vector<Semaphore> semaphores;
  std::vector<std::vector<uint32_t>> clockOf, knownAt; ///< numbers in `pool` and in `known`, by queue and command
  std::vector<uint32_t> pool;                          ///< clocks, an entry for each queue
  std::vector<Fact> facts;
  std::vector<Knowledge> known;
  std::vector<uint32_t> ready;
  std::vector<Run> runs;
};

} // namespace rblnc::bundle::prover
