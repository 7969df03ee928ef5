#include "Attended.h"

#include "rblnc/driver/ExitCode.h"

#include <atomic>
#include <csignal>
#include <fmt/format.h>
#include <unistd.h>

namespace rblnc::cli {
namespace {

constexpr double shownAfterSeconds = 2;

std::atomic<Watch *> attended = nullptr;
std::atomic<bool> isShown = false;
static_assert(std::atomic<Watch *>::is_always_lock_free && std::atomic<bool>::is_always_lock_free,
              "the signal handler reads them");

constexpr std::string_view clearLine = "\r\033[K";

void say(std::string_view text) {
  // Progress that cannot be shown is no error.
  [[maybe_unused]] ssize_t put = ::write(STDERR_FILENO, text.data(), text.size());
}

void onInterrupt(int) {
  Watch *watch = attended.load();
  if (watch && watch->isWorking() && !watch->wasStopped())
    return watch->stop();
  if (isShown.exchange(false))
    say(clearLine);
  ::_exit(exitInterrupted);
}

bool show(const Progress &progress) {
  if (progress.seconds < shownAfterSeconds)
    return true;
  std::string share = progress.fraction >= 0 ? fmt::format(" {:.0f} %", 100 * progress.fraction) : "";
  isShown = true;
  say(fmt::format("{}rblnc: {}{}, {:.0f} s", clearLine, progress.step, share, progress.seconds));
  return true;
}

Watch::Listener listener() { return ::isatty(STDERR_FILENO) ? Watch::Listener(show) : nullptr; }

} // namespace

Attended::Attended() : watch(listener()), scope(&watch) {
  attended = &watch;
  struct sigaction before{};
  // What runs in the background of a script ignores it, and goes on doing so.
  if (::sigaction(SIGINT, nullptr, &before) != 0 || before.sa_handler == SIG_IGN)
    return;
  struct sigaction action{};
  action.sa_handler = onInterrupt;
  ::sigaction(SIGINT, &action, nullptr);
}

Attended::~Attended() {
  clearProgress();
  attended = nullptr;
}

void clearProgress() {
  if (isShown.exchange(false))
    say(clearLine);
}

} // namespace rblnc::cli
