#include "Faults.h"

#include "FaultSignals.h"

#include "rblnc/emulator/Machine.h"
#include "rblnc/support/Sanitizers.h"
#include "rblnc/support/Watch.h"

#include "llvm/Support/ErrorHandling.h"

#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

namespace rblnc::capi {
namespace {

std::atomic<bool> areContained = false;
/// The guard of this thread that is up. Handlers of signals look into the table instead: the first use of a thread's
/// variables may allocate.
thread_local Guard *current = nullptr;
/// The signal stack that was given to this thread, which had none.
struct SignalStack {
  void *bytes = nullptr;
  ~SignalStack() {
    if (!bytes)
      return;
    stack_t now{};
    ::sigaltstack(nullptr, &now);
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    if (now.ss_sp == bytes)
      ::sigaltstack(&none, nullptr);
    ::munmap(bytes, signalStackBytes);
  }
};
thread_local SignalStack ownStack;

/// The stack of a thread of the host may be what overflows.
void provideSignalStack() noexcept {
  stack_t now{};
  if (ownStack.bytes || ::sigaltstack(nullptr, &now) != 0 || !(now.ss_flags & SS_DISABLE))
    return;
  void *bytes = ::mmap(nullptr, signalStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (bytes == MAP_FAILED)
    return;
  ownStack.bytes = bytes;
  useSignalStack(bytes);
}

void onFatalError(void *, const char *reason, bool) {
  if (Guard *guard = current) {
    std::snprintf(guard->fault.text, sizeof guard->fault.text, "%s", reason);
    guard->respond();
  }
  std::fprintf(stderr, "LLVM ERROR: %s\n", reason);
}

void onBadAlloc(void *, const char *, bool) { throw std::bad_alloc(); }

} // namespace

void containFaults(bool isWished) {
  static std::once_flag once;
  if (isWished)
    std::call_once(once, [] {
      llvm::install_fatal_error_handler(onFatalError);
      llvm::install_bad_alloc_error_handler(onBadAlloc);
      prepareFaultSignals();
    });
  areContained.store(isWished && !isAddressSanitized, std::memory_order_relaxed);
}

std::string Fault::describe(const char *where) const {
  char head[64] = "a fatal error";
  if (signal == SIGSEGV || signal == SIGBUS)
    std::snprintf(head, sizeof head, "%s at address 0x%" PRIxPTR, nameOfSignal(signal), address);
  else if (signal)
    std::snprintf(head, sizeof head, "%s", nameOfSignal(signal));
  return std::string(head) + " in " + where + (text[0] ? ": " : "") + text;
}

void useSignalStack(void *bytes) noexcept {
  stack_t stack{};
  stack.ss_sp = bytes;
  stack.ss_size = signalStackBytes;
  ::sigaltstack(&stack, nullptr);
}

Guard::Guard(Answer answer, sem_t *ended) noexcept : answer(answer), ended(ended), watchBefore(currentWatch()) {
  raise();
}

Guard::~Guard() { lower(); }

void Guard::raise() noexcept {
  if (!areContained.load(std::memory_order_relaxed) || current)
    return;
  provideSignalStack();
  slot = enterGuard(pthread_self(), this);
  if (slot >= 0)
    current = this;
}

void Guard::lower() noexcept {
  if (slot < 0)
    return;
  leaveGuard(slot);
  slot = -1;
  if (current == this)
    current = nullptr;
}

const Fault &Guard::recover() noexcept {
  lower();
  // The handler that was jumped out of had its signal blocked.
  unblockFaultSignals();
  restoreWatch(watchBefore);
  emulator::Machine::forgetThread();
  return fault;
}

const Fault &Guard::abandon() noexcept {
  lower();
  return fault;
}

void Guard::respond() noexcept {
  hasFault.store(true, std::memory_order_release);
  if (answer == Answer::Jump)
    siglongjmp(place, 1);
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  ::sem_post(ended);
  while (true)
    ::pause();
}

Unguarded::Unguarded() noexcept : guard(current) {
  if (guard)
    guard->lower();
}

Unguarded::~Unguarded() {
  if (guard)
    guard->raise();
}

} // namespace rblnc::capi
