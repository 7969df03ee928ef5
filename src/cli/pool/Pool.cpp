// Processes, and the pipes to them: a number goes there, a length and as many bytes come back.
#include "Pool.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "rblnc/support/Watch.h"

#include "llvm/Support/ErrorHandling.h"

namespace rblnc::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// How a process says that its memory is used up: there may be none left to write a sentence with.
constexpr int statusOutOfMemory = 78;
/// Of what a process wrote before it died.
constexpr size_t tailBytes = 4096;

bool writeAll(int descriptor, const void *data, size_t size) {
  const char *at = static_cast<const char *>(data);
  while (size > 0) {
    ssize_t put = ::write(descriptor, at, size);
    if (put < 0 && errno == EINTR)
      continue;
    if (put <= 0)
      return false;
    at += put;
    size -= static_cast<size_t>(put);
  }
  return true;
}

bool readAll(int descriptor, void *data, size_t size) {
  char *at = static_cast<char *>(data);
  while (size > 0) {
    ssize_t got = ::read(descriptor, at, size);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return false;
    at += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

[[noreturn]] void endOutOfMemory() { ::_exit(statusOutOfMemory); }

/// In the process: never returns.
[[noreturn]] void serve(int requests, int answers, uint64_t memory, const std::function<std::string(uint32_t)> &work) {
  // The terminal's interrupt goes to all processes; who waits for this one decides what becomes of it.
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGTERM, SIG_DFL);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Nobody sees how far this one is; what it says is told when it dies.
  WatchScope unwatched(nullptr);
  if (memory) {
    struct rlimit bound = {memory, memory};
    ::setrlimit(RLIMIT_AS, &bound);
  }
  std::set_new_handler(endOutOfMemory);
  llvm::install_bad_alloc_error_handler([](void *, const char *, bool) { endOutOfMemory(); });
  uint32_t number;
  while (readAll(requests, &number, sizeof number)) {
    if (::ftruncate(STDERR_FILENO, 0) == 0)
      ::lseek(STDERR_FILENO, 0, SEEK_SET);
    std::string text = work(number);
    uint64_t size = text.size();
    if (!writeAll(answers, &size, sizeof size) || !writeAll(answers, text.data(), text.size()))
      break;
  }
  ::_exit(0);
}

class Worker {
public:
  /// Gives why none could be started.
  std::optional<std::string> start(const PoolLimits &limits, const std::function<std::string(uint32_t)> &work) {
    std::array<int, 2> down, up;
    if (::pipe2(down.data(), O_CLOEXEC) != 0)
      return std::strerror(errno);
    if (::pipe2(up.data(), O_CLOEXEC) != 0) {
      std::string why = std::strerror(errno);
      ::close(down[0]);
      ::close(down[1]);
      return why;
    }
    log = ::memfd_create("rblnc-worker", MFD_CLOEXEC);
    process = ::fork();
    if (process == 0) {
      ::close(down[1]);
      ::close(up[0]);
      if (log >= 0)
        ::dup2(log, STDERR_FILENO);
      serve(down[0], up[1], limits.memory, work);
    }
    std::string why = process < 0 ? std::strerror(errno) : "";
    ::close(down[0]);
    ::close(up[1]);
    requests = down[1];
    answers = up[0];
    if (process < 0) {
      close();
      return why;
    }
    return std::nullopt;
  }

  bool isRunning() const { return process > 0; }
  bool isBusy() const { return number.has_value(); }
  uint32_t work() const { return *number; }
  int descriptor() const { return answers; }
  Clock::time_point began() const { return start_; }

  bool give(uint32_t next) {
    number = next;
    start_ = Clock::now();
    return writeAll(requests, &next, sizeof next);
  }

  /// The answer that has begun to arrive, or how the process died.
  Answer take() {
    number.reset();
    uint64_t size = 0;
    std::string text;
    if (readAll(answers, &size, sizeof size)) {
      text.resize(size);
      if (readAll(answers, text.data(), size))
        return {Answer::given, std::move(text)};
    }
    return end(Answer::died);
  }

  Answer kill(Answer::Kind why) {
    number.reset();
    ::kill(process, SIGKILL);
    return end(why);
  }

  /// Ends an idle process. It would not see the end of its pipe: processes that were forked later hold it too.
  void dismiss() {
    if (isRunning())
      kill(Answer::stopped);
  }

private:
  Answer end(Answer::Kind kind) {
    int status = 0;
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR)
      ;
    if (kind == Answer::died && WIFEXITED(status) && WEXITSTATUS(status) == statusOutOfMemory)
      kind = Answer::outOfMemory;
    std::string text = tail();
    if (kind == Answer::died && text.empty())
      text = WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                 : "exit status " + std::to_string(WEXITSTATUS(status));
    close();
    return {kind, std::move(text)};
  }

  std::string tail() const {
    off_t size = log < 0 ? 0 : ::lseek(log, 0, SEEK_END);
    if (size <= 0)
      return "";
    std::string text(std::min<size_t>(static_cast<size_t>(size), tailBytes), 0);
    ssize_t got = ::pread(log, text.data(), text.size(), size - static_cast<off_t>(text.size()));
    text.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return text;
  }

  void close() {
    for (int *descriptor : {&requests, &answers, &log}) {
      if (*descriptor >= 0)
        ::close(*descriptor);
      *descriptor = -1;
    }
    process = -1;
  }

  pid_t process = -1;
  int requests = -1, answers = -1, log = -1;
  std::optional<uint32_t> number;
  Clock::time_point start_;
};

class Pool {
public:
  Pool(uint32_t count, const PoolLimits &limits, const std::function<std::string(uint32_t)> &work,
       const std::function<void(uint32_t, Answer)> &onAnswer)
      : count(count), limits(limits), work(work), onAnswer(onAnswer), workers(std::max(1U, limits.workers)) {}

  void run(const std::function<bool()> &isStopped, std::chrono::milliseconds grace) {
    std::optional<Clock::time_point> stopped;
    while (true) {
      if (!stopped && isStopped())
        stopped = Clock::now();
      if (!stopped)
        giveWork();
      if (std::none_of(workers.begin(), workers.end(), [](const Worker &worker) { return worker.isBusy(); })) {
        if (stopped || next == count)
          break;
        continue;
      }
      wait(stopped ? std::optional(*stopped + grace) : std::nullopt);
    }
    for (Worker &worker : workers)
      worker.dismiss();
  }

private:
  void giveWork() {
    for (Worker &worker : workers) {
      if (worker.isBusy() || next == count)
        continue;
      if (!worker.isRunning())
        if (auto why = worker.start(limits, work)) {
          onAnswer(next++, {Answer::noProcess, *why});
          continue;
        }
      if (!worker.give(next++)) // it died idle
        answer(worker, [&] { return worker.take(); });
    }
  }

  template <typename Take> void answer(Worker &worker, Take take) {
    uint32_t number = worker.work();
    onAnswer(number, take());
  }

  void wait(std::optional<Clock::time_point> end) {
    std::vector<pollfd> polled;
    std::vector<Worker *> busy;
    std::optional<Clock::time_point> deadline = end;
    for (Worker &worker : workers)
      if (worker.isBusy()) {
        polled.push_back({worker.descriptor(), POLLIN, 0});
        busy.push_back(&worker);
        if (limits.time.count())
          deadline = std::min(deadline.value_or(Clock::time_point::max()), worker.began() + limits.time);
      }
    // Now and then whoever stops the batch is asked.
    auto left = std::chrono::milliseconds(200);
    if (deadline)
      left = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()),
                        std::chrono::milliseconds(0), left);
    ::poll(polled.data(), polled.size(), static_cast<int>(left.count()));
    Clock::time_point now = Clock::now();
    for (size_t i = 0; i < busy.size(); ++i) {
      Worker &worker = *busy[i];
      if (polled[i].revents)
        answer(worker, [&] { return worker.take(); });
      else if (limits.time.count() && now >= worker.began() + limits.time)
        answer(worker, [&] { return worker.kill(Answer::outOfTime); });
      else if (end && now >= *end)
        answer(worker, [&] { return worker.kill(Answer::stopped); });
    }
  }

  uint32_t count;
  uint32_t next = 0;
  const PoolLimits &limits;
  const std::function<std::string(uint32_t)> &work;
  const std::function<void(uint32_t, Answer)> &onAnswer;
  std::vector<Worker> workers;
};

} // namespace

unsigned defaultWorkers() { return std::max(1U, std::thread::hardware_concurrency()); }

void runPool(uint32_t count, const PoolLimits &limits, const std::function<std::string(uint32_t)> &work,
             const std::function<void(uint32_t, Answer)> &onAnswer, const std::function<bool()> &isStopped,
             std::chrono::milliseconds grace) {
  // A process that died must not end this one with a signal when it is written to.
  struct sigaction ignore{}, before{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &before);
  Pool(count, limits, work, onAnswer).run(isStopped, grace);
  ::sigaction(SIGPIPE, &before, nullptr);
}

} // namespace rblnc::cli
