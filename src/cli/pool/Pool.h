// Work in processes of their own: what one piece of work does to its process, no other notices.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace rblnc::cli {

/// One for each processor of this host.
unsigned defaultWorkers();

struct PoolLimits {
  /// Processes that work at the same time.
  unsigned workers = 1;
  /// Of one piece of work, on the wall; 0 for none.
  std::chrono::milliseconds time = {};
  /// Address space of a process in bytes; 0 for none.
  uint64_t memory = 0;
};

/// How a piece of work ended.
struct Answer {
  enum Kind : uint8_t {
    given,       ///< `text` is what the work gave
    died,        ///< the process did; `text` is the end of what it wrote to standard error
    outOfTime,   ///< it was killed
    stopped,     ///< it was killed because everything stops
    outOfMemory, ///< it asked for more than its limit
    noProcess,   ///< none could be started; `text` says why
  };
  Kind kind = given;
  std::string text;
};

/// Calls `work` with the numbers 0 to count - 1, each once, in processes that are forked from this one, and `onAnswer`
/// here as they end, in any order. A process does many pieces of work; one that dies is replaced. Stops early, with
/// nothing more begun and what is under way given `grace` to end, when `isStopped` says so. Call it from a process
/// with a single thread.
void runPool(uint32_t count, const PoolLimits &limits, const std::function<std::string(uint32_t)> &work,
             const std::function<void(uint32_t, Answer)> &onAnswer, const std::function<bool()> &isStopped,
             std::chrono::milliseconds grace = std::chrono::seconds(2));

} // namespace rblnc::cli
