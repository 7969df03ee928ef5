// Long work that can be told to stop, and that says how far it is.
//
// Whoever starts the work makes a Watch and puts it in force for its thread (WatchScope). The work marks its steps
// (WatchedStep) and asks wasStopped() every few milliseconds; where that is true it ends as soon as it can, whatever
// its result, and the step's caller reports RBLN-R015 in its place.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string_view>
#include <thread>

namespace rblnc {

/// How far the work is.
struct Progress {
  /// "plan", "run".
  std::string_view step;
  /// From 0 to 1; negative when nobody knows.
  double fraction = -1;
  /// Since the work began.
  double seconds = 0;
};

class Watch {
public:
  /// Told about progress; gives whether the work goes on.
  using Listener = std::function<bool(const Progress &)>;

  /// `listener`, which may be null, is called by the thread that makes the watch, at most every `interval`.
  /// `request`, which may be null too, stops the work when it becomes true.
  explicit Watch(Listener listener = nullptr, const std::atomic<bool> *request = nullptr);

  static constexpr std::chrono::milliseconds interval{50};

  /// For any thread, and for signal handlers.
  void stop() noexcept { isStopped.store(true, std::memory_order_relaxed); }
  bool wasStopped() const noexcept {
    return isStopped.load(std::memory_order_relaxed) || (request && request->load(std::memory_order_relaxed));
  }
  /// Whether a step is under way.
  bool isWorking() const noexcept { return depth.load(std::memory_order_relaxed) > 0; }

  /// wasStopped(), after telling the listener when it is time. Takes some tens of nanoseconds.
  bool poll();
  /// Tells the listener. Only for the thread that made the watch.
  void tell();

private:
  friend class WatchedStep;

  Listener listener;
  const std::atomic<bool> *request;
  std::thread::id owner = std::this_thread::get_id();
  std::chrono::steady_clock::time_point begin, next;
  std::atomic<bool> isStopped = false;
  std::atomic<int> depth = 0;
  /// The innermost step, which a string literal names, and how far it is; only its own thread may ask the meter.
  std::atomic<const char *> step = "";
  const std::function<double()> *meter = nullptr;
};

/// The watch that is in force for this thread; null when nobody watches.
Watch *currentWatch() noexcept;
/// Puts a watch in force as it was before work that never returned, and whose scopes never ended.
void restoreWatch(Watch *watch) noexcept;

/// Whether the work that this thread does is to stop.
inline bool wasStopped() {
  Watch *watch = currentWatch();
  return watch && watch->poll();
}

/// Puts a watch in force for this thread.
class WatchScope {
public:
  explicit WatchScope(Watch *watch) noexcept;
  ~WatchScope();
  WatchScope(const WatchScope &) = delete;
  WatchScope &operator=(const WatchScope &) = delete;

private:
  Watch *before;
};

/// A step of the work of this thread.
class WatchedStep {
public:
  /// `name` is a literal. `meter` gives the fraction that is done; both outlive the step.
  explicit WatchedStep(const char *name, const std::function<double()> *meter = nullptr) noexcept;
  ~WatchedStep();
  WatchedStep(const WatchedStep &) = delete;
  WatchedStep &operator=(const WatchedStep &) = delete;

private:
  Watch *watch;
  const char *nameBefore = nullptr;
  const std::function<double()> *meterBefore = nullptr;
};

} // namespace rblnc
