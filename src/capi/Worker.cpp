#include "Worker.h"

#include <condition_variable>
#include <csignal>
#include <exception>
#include <mutex>
#include <pthread.h>

namespace rblnc::capi {
namespace {

/// Untouched pages cost nothing. The program's main thread usually has 8 MiB.
constexpr size_t stackBytes = size_t(32) << 20;

struct Job {
  llvm::function_ref<void()> work;
  std::exception_ptr thrown = nullptr;
  std::mutex mutex = {};
  std::condition_variable ended = {};
  bool isDone = false;
};

void *perform(void *argument) {
  auto &job = *static_cast<Job *>(argument);
  try {
    job.work();
  } catch (...) {
    job.thrown = std::current_exception();
  }
  std::lock_guard lock(job.mutex);
  job.isDone = true;
  job.ended.notify_one();
  return nullptr;
}

} // namespace

bool runOnDeepStack(Watch &watch, llvm::function_ref<void()> work) {
  Job job{work};
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0)
    return false;
  pthread_t thread;
  bool isRunning = false;
  if (pthread_attr_setstacksize(&attributes, stackBytes) == 0) {
    // A new thread takes over its creator's mask: the host's handlers never run on it. Signals of faults stay open, as
    // blocking them would only hide where a crash happened.
    sigset_t all, before;
    sigfillset(&all);
    for (int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT})
      sigdelset(&all, fault);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    isRunning = pthread_create(&thread, &attributes, perform, &job) == 0;
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  pthread_attr_destroy(&attributes);
  if (!isRunning)
    return false;
  {
    std::unique_lock lock(job.mutex);
    while (!job.ended.wait_for(lock, Watch::interval, [&] { return job.isDone; })) {
      lock.unlock();
      watch.tell();
      lock.lock();
    }
  }
  pthread_join(thread, nullptr);
  if (job.thrown)
    std::rethrow_exception(job.thrown);
  return true;
}

} // namespace rblnc::capi
