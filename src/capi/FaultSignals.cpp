// Handlers of signals. They only make system calls and read memory that was prepared before.
//
// LLVM's CrashRecoveryContext does not serve: its handlers run on the stack that overflowed, it gives up for the whole
// process at the first signal of somebody else's, and it jumps wherever the fault is.
#include "FaultSignals.h"

#include "Faults.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <dlfcn.h>
#include <mutex>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

namespace rblnc::capi {
namespace {

struct FaultSignal {
  int number;
  const char *name;
  /// Whose it was before.
  struct sigaction before = {};
};
std::array<FaultSignal, 6> signals{FaultSignal{SIGSEGV, "SIGSEGV"},
                                   {SIGBUS, "SIGBUS"},
                                   {SIGFPE, "SIGFPE"},
                                   {SIGILL, "SIGILL"},
                                   {SIGTRAP, "SIGTRAP"},
                                   {SIGABRT, "SIGABRT"}};

struct Slot {
  std::atomic<Guard *> guard = nullptr;
  std::atomic<pthread_t> thread = {};
};
std::array<Slot, 256> slots;

/// Of the handlers and of how many guards need them.
std::mutex mutex;
size_t guardCount = 0;

/// Functions of the host's allocator; those that they call lie around them.
std::array<uintptr_t, 8> allocator;
/// glibc's text of what it aborts for: assertions, and a heap that is damaged.
struct AbortText {
  unsigned size;
  char text[1];
};
AbortText *const *abortText = nullptr;
const AbortText *earlierAbort = nullptr;

uintptr_t placeOf([[maybe_unused]] const void *context) {
#if defined(__x86_64__)
  return static_cast<uintptr_t>(static_cast<const ucontext_t *>(context)->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
  return static_cast<const ucontext_t *>(context)->uc_mcontext.pc;
#else
  return 0;
#endif
}

bool isInAllocator(uintptr_t place) {
  constexpr uintptr_t before = 1 << 14, behind = 1 << 13;
  return std::any_of(allocator.begin(), allocator.end(), [&](uintptr_t function) {
    return function && place + before >= function && place < function + behind;
  });
}

/// What the C library said, if it is new; an earlier abort may have been caught too.
const char *newAbortText() {
  const AbortText *found = abortText ? *abortText : nullptr;
  if (!found || found == earlierAbort)
    return nullptr;
  earlierAbort = found;
  return found->text;
}

Guard *guardOf(pthread_t thread) {
  for (Slot &slot : slots)
    if (Guard *guard = slot.guard.load(std::memory_order_acquire);
        guard && slot.thread.load(std::memory_order_relaxed) == thread)
      return guard;
  return nullptr;
}

void onFault(int signal, siginfo_t *info, void *context);

bool isOurs(const struct sigaction &action) { return (action.sa_flags & SA_SIGINFO) && action.sa_sigaction == onFault; }

/// The signal of somebody else's goes to whoever had it before.
void forward(FaultSignal &signal, siginfo_t *info, void *context) {
  struct sigaction before = signal.before;
  bool isFunction = before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN;
  auto sendAgain = [&] { ::syscall(SYS_rt_tgsigqueueinfo, ::getpid(), ::syscall(SYS_gettid), signal.number, info); };
  if (before.sa_handler == SIG_IGN && info->si_code <= 0)
    return;
  if (!isFunction || (before.sa_flags & static_cast<int>(SA_RESETHAND))) {
    // It comes again, with all that it tells, as soon as this handler returns.
    ::sigaction(signal.number, &before, nullptr);
    sendAgain();
    return;
  }
  if (before.sa_flags & SA_SIGINFO)
    before.sa_sigaction(signal.number, info, context);
  else
    before.sa_handler(signal.number);
  // A handler that has raised the signal again (faulthandler of Python does) wants it to go on to the one before its
  // own.
  sigset_t pending;
  struct sigaction now{};
  if (::sigpending(&pending) == 0 && sigismember(&pending, signal.number) == 1 &&
      ::sigaction(signal.number, nullptr, &now) == 0 && isOurs(now)) {
    now = {};
    now.sa_handler = SIG_DFL;
    ::sigaction(signal.number, &now, nullptr);
  }
}

/// Whether the fault is one of the code that this thread runs: no signal that somebody sent to the process.
bool isOfThread(const siginfo_t &info) {
  return info.si_code > 0 || (info.si_code == SI_TKILL && info.si_pid == ::getpid());
}

bool mayJump(int signal, const char *text, const void *context) {
  if (signal == SIGABRT)
    return !text || std::strstr(text, "Assertion");
  return !isInAllocator(placeOf(context));
}

void onFault(int number, siginfo_t *info, void *context) {
  int error = errno;
  Guard *guard = guardOf(pthread_self());
  if (guard && isOfThread(*info)) {
    const char *text = number == SIGABRT ? newAbortText() : nullptr;
    if (guard->answer == Guard::Answer::Park || mayJump(number, text, context)) {
      guard->fault.signal = number;
      guard->fault.address = reinterpret_cast<uintptr_t>(info->si_addr);
      if (text) {
        size_t size = std::min(std::strcspn(text, "\n"), sizeof guard->fault.text - 1);
        std::memcpy(guard->fault.text, text, size);
        guard->fault.text[size] = 0;
      }
      guard->respond();
    }
  }
  for (FaultSignal &signal : signals)
    if (signal.number == number)
      forward(signal, info, context);
  errno = error;
}

void install() {
  struct sigaction action{};
  action.sa_sigaction = onFault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (FaultSignal &signal : signals) {
    struct sigaction before{};
    // Ours is what a handler leaves behind that was installed while ours was, and that ends later.
    if (::sigaction(signal.number, &action, &before) == 0 && !isOurs(before))
      signal.before = before;
  }
}

void uninstall() {
  for (FaultSignal &signal : signals) {
    struct sigaction now{};
    if (::sigaction(signal.number, &signal.before, &now) == 0 && !isOurs(now))
      ::sigaction(signal.number, &now, nullptr);
  }
}

/// In the child of a fork: its one thread came here from the host, so no guard is up.
void forgetGuards() {
  for (Slot &slot : slots)
    slot.guard.store(nullptr, std::memory_order_relaxed);
  if (guardCount)
    uninstall();
  guardCount = 0;
  mutex.unlock();
}

} // namespace

void prepareFaultSignals() {
  const char *names[] = {"malloc", "free", "calloc", "realloc", "memalign", "malloc_trim", "mallinfo2", "malloc_info"};
  static_assert(std::size(names) == std::tuple_size_v<decltype(allocator)>);
  std::transform(std::begin(names), std::end(names), allocator.begin(),
                 [](const char *name) { return reinterpret_cast<uintptr_t>(::dlsym(RTLD_DEFAULT, name)); });
  abortText = static_cast<AbortText *const *>(::dlvsym(RTLD_DEFAULT, "__abort_msg", "GLIBC_PRIVATE"));
  ::pthread_atfork([] { mutex.lock(); }, [] { mutex.unlock(); }, forgetGuards);
}

int enterGuard(pthread_t thread, Guard *guard) noexcept {
  std::lock_guard lock(mutex);
  auto free = std::find_if(slots.begin(), slots.end(),
                           [](const Slot &slot) { return !slot.guard.load(std::memory_order_relaxed); });
  if (free == slots.end())
    return -1;
  free->thread.store(thread, std::memory_order_relaxed);
  free->guard.store(guard, std::memory_order_release);
  if (guardCount++ == 0)
    install();
  return static_cast<int>(free - slots.begin());
}

void leaveGuard(int slot) noexcept {
  std::lock_guard lock(mutex);
  slots[static_cast<size_t>(slot)].guard.store(nullptr, std::memory_order_release);
  if (--guardCount == 0)
    uninstall();
}

void unblockFaultSignals() noexcept {
  sigset_t set;
  sigemptyset(&set);
  for (const FaultSignal &signal : signals)
    sigaddset(&set, signal.number);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

const char *nameOfSignal(int number) {
  for (const FaultSignal &signal : signals)
    if (signal.number == number)
      return signal.name;
  return "a signal";
}

} // namespace rblnc::capi
