// Faults of the library that its host survives: signals, and what LLVM calls fatal.
//
// A call that can fail is guarded (Guard). While a guard is up, the handlers of the signals that faults raise are ours;
// one that comes to a thread with a guard ends what the guard stands around, any other one goes to whoever had the
// signal before. Nothing is unwound: what the call held is left as it is for good.
#pragma once

#include <atomic>
#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <semaphore.h>
#include <string>

namespace rblnc {
class Watch;
}

namespace rblnc::capi {

/// From now on guards catch faults, or no longer do. They never do in builds with an address sanitizer, which says
/// more.
void containFaults(bool isWished);

/// What happened to the thread of a guard.
struct Fault {
  /// 0 when LLVM gave up, which `text` tells of.
  int signal = 0;
  uintptr_t address = 0;
  char text[256] = {};

  /// "SIGSEGV at address 0x10 in the compiler".
  std::string describe(const char *where) const;
};

/// Around work of the thread that makes it. One within another one does nothing.
class Guard {
public:
  /// What becomes of a thread with a fault. Jump: it goes on at `place`, which has been set; not where the fault is in
  /// the host's allocator, as the thread would wait there for itself. Park: `ended` is posted and the thread stands
  /// still for ever, with whatever locks it holds.
  enum class Answer { Jump, Park };

  explicit Guard(Answer answer, sem_t *ended = nullptr) noexcept;
  ~Guard();
  Guard(const Guard &) = delete;
  Guard &operator=(const Guard &) = delete;

  /// After the jump: takes the guard down and leaves what the thread's work was in the middle of.
  const Fault &recover() noexcept;
  /// For another thread, when this guard's one stands still: takes the guard down.
  const Fault &abandon() noexcept;
  /// Whether the thread stands still, when `ended` has been posted.
  bool isParked() const noexcept { return hasFault.load(std::memory_order_acquire); }

  /// For the handlers, which have set `fault`: does what the answer says.
  [[noreturn]] void respond() noexcept;

  const Answer answer;
  sigjmp_buf place;
  Fault fault;

private:
  friend class Unguarded;
  void raise() noexcept;
  void lower() noexcept;

  sem_t *ended;
  Watch *watchBefore;
  std::atomic<bool> hasFault = false;
  /// In the table of guards; negative while it is down.
  int slot = -1;
};

/// Around what the host does during a call: its faults are its own, and its frames are nothing to jump over.
class Unguarded {
public:
  Unguarded() noexcept;
  ~Unguarded();
  Unguarded(const Unguarded &) = delete;
  Unguarded &operator=(const Unguarded &) = delete;

private:
  Guard *guard;
};

/// A stack for the handlers of signals, for a thread that may have none left.
constexpr size_t signalStackBytes = size_t(64) << 10;
void useSignalStack(void *bytes) noexcept;

/// For tests: the next work at `place` has this kind of fault. False when there is no such place or kind.
bool provokeFault(const std::string &place, const std::string &kind);
/// Has the fault that was provoked for this place, if one was.
void haveProvokedFault(const char *place);

} // namespace rblnc::capi
