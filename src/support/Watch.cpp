#include "rblnc/support/Watch.h"

namespace rblnc {

static thread_local Watch *current = nullptr;

Watch *currentWatch() noexcept { return current; }
void restoreWatch(Watch *watch) noexcept { current = watch; }

WatchScope::WatchScope(Watch *watch) noexcept : before(current) { current = watch; }
WatchScope::~WatchScope() { current = before; }

Watch::Watch(Listener listener, const std::atomic<bool> *request)
    : listener(std::move(listener)), request(request), begin(std::chrono::steady_clock::now()), next(begin + interval) {
}

bool Watch::poll() {
  if (listener && std::this_thread::get_id() == owner && std::chrono::steady_clock::now() >= next)
    tell();
  return wasStopped();
}

void Watch::tell() {
  auto now = std::chrono::steady_clock::now();
  next = now + interval;
  if (!listener)
    return;
  const char *name = step.load(std::memory_order_relaxed);
  if (!listener({name, meter ? (*meter)() : -1, std::chrono::duration<double>(now - begin).count()}))
    stop();
}

WatchedStep::WatchedStep(const char *name, const std::function<double()> *meter) noexcept : watch(current) {
  if (!watch)
    return;
  nameBefore = watch->step.exchange(name, std::memory_order_relaxed);
  watch->depth.fetch_add(1, std::memory_order_relaxed);
  // Another thread's step cannot be asked by the one that tells.
  if (std::this_thread::get_id() == watch->owner) {
    meterBefore = watch->meter;
    watch->meter = meter;
  }
}

WatchedStep::~WatchedStep() {
  if (!watch)
    return;
  watch->step.store(nameBefore, std::memory_order_relaxed);
  watch->depth.fetch_sub(1, std::memory_order_relaxed);
  if (std::this_thread::get_id() == watch->owner)
    watch->meter = meterBefore;
}

} // namespace rblnc
