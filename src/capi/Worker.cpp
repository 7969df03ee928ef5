#include "Worker.h"

#include "Faults.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <exception>
#include <memory>
#include <pthread.h>

namespace rblnc::capi {
namespace {

/// Untouched pages cost nothing. The program's main thread usually has 8 MiB.
constexpr size_t stackBytes = size_t(32) << 20;
/// A frame may be larger than a page, and must not reach over what is below the stack.
constexpr size_t stackGuardBytes = size_t(1) << 20;

struct Job {
  explicit Job(llvm::function_ref<void()> work) : work(work) { ::sem_init(&ended, 0, 0); }
  ~Job() { ::sem_destroy(&ended); }
  Job(const Job &) = delete;
  Job &operator=(const Job &) = delete;

  llvm::function_ref<void()> work;
  std::exception_ptr thrown = nullptr;
  sem_t ended;
  /// Of the thread, while it works.
  std::atomic<Guard *> guard = nullptr;
  alignas(16) std::array<std::byte, signalStackBytes> signalStack;
};

void *perform(void *argument) {
  auto &job = *static_cast<Job *>(argument);
  {
    useSignalStack(job.signalStack.data());
    Guard guard(Guard::Answer::Park, &job.ended);
    job.guard = &guard;
    try {
      job.work();
    } catch (...) {
      job.thrown = std::current_exception();
    }
    job.guard = nullptr;
  }
  ::sem_post(&job.ended);
  return nullptr;
}

/// Whether `ended` was posted within the interval of a watch.
bool waitFor(sem_t &ended) {
  timespec until{};
  ::clock_gettime(CLOCK_MONOTONIC, &until);
  constexpr long second = 1'000'000'000;
  until.tv_nsec += std::chrono::nanoseconds(Watch::interval).count();
  until.tv_sec += until.tv_nsec / second;
  until.tv_nsec %= second;
  return ::sem_clockwait(&ended, CLOCK_MONOTONIC, &until) == 0;
}

bool start(Job &job, pthread_t &thread) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0)
    return false;
  bool isRunning = false;
  if (pthread_attr_setstacksize(&attributes, stackBytes) == 0 &&
      pthread_attr_setguardsize(&attributes, stackGuardBytes) == 0) {
    // A new thread takes over its creator's mask: the host's handlers never run on it. Signals of faults stay open, as
    // blocking them would end the process whatever their handlers are.
    sigset_t all, before;
    sigfillset(&all);
    for (int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT})
      sigdelset(&all, fault);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    isRunning = pthread_create(&thread, &attributes, perform, &job) == 0;
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  pthread_attr_destroy(&attributes);
  return isRunning;
}

} // namespace

WorkEnd runOnDeepStack(Watch &watch, llvm::function_ref<void()> work, std::string &fault) {
  auto job = std::make_unique<Job>(work);
  pthread_t thread;
  if (!start(*job, thread))
    return WorkEnd::NoThread;
  while (!waitFor(job->ended))
    watch.tell();
  if (Guard *guard = job->guard; guard && guard->isParked()) {
    // The thread and what it uses stay for good.
    fault = job.release()->guard.load()->abandon().describe("the compiler");
    pthread_detach(thread);
    return WorkEnd::Faulted;
  }
  pthread_join(thread, nullptr);
  if (job->thrown)
    std::rethrow_exception(job->thrown);
  return WorkEnd::Done;
}

} // namespace rblnc::capi
