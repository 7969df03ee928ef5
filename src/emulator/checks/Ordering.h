// Which commands are certain to be over before which others begin: a vector clock for each queue, joined by semaphores.
#pragma once

#include "program/Program.h"

namespace rblnc::emulator {

/// The time of a queue: it advances at each signal, because only there can another queue learn how far this one is.
using Epoch = uint32_t;

class Ordering {
public:
  explicit Ordering(const DecodedProgram &program);

  /// False when the program has too many queues and signals to keep clocks for; then nothing else may be called.
  bool isPossible() const { return possible; }
  Epoch now(uint32_t queue) const { return clocks[queue][queue]; }
  /// Whether what `queue` did in `epoch` is certainly over for whatever `observer` does now.
  bool isOver(uint32_t queue, Epoch epoch, uint32_t observer) const {
    return queue == observer || clocks[observer][queue] >= epoch;
  }
  /// Whatever a queue did up to this epoch is over for every other queue.
  Epoch overForAll(uint32_t queue) const;

  void signal(uint32_t queue, uint32_t semaphore);
  void wait(uint32_t queue, uint32_t semaphore, uint32_t value);

private:
  using Clock = std::vector<Epoch>;
  struct Producer {
    uint32_t queue;
    uint32_t signals = 0;           ///< in the whole program, skipped or not
    std::vector<Clock> published{}; ///< one for each signal so far
  };

  bool possible = true;
  std::vector<Clock> clocks;
  std::vector<std::vector<Producer>> producers; ///< by semaphore
};

} // namespace rblnc::emulator
