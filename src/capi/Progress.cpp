#include "Progress.h"

#include "Faults.h"
#include "Report.h"

#include <new>

static_assert(std::atomic<bool>::is_always_lock_free, "signal handlers request cancellation");

rblnc::Watch::Listener rblnc::capi::listenerOf(rblnc_progress_function function, void *context) {
  if (!function)
    return nullptr;
  return [function, context](const Progress &progress) {
    rblnc_progress given{sizeof(rblnc_progress), textOf(progress.step), progress.fraction, progress.seconds, context};
    Unguarded unguarded;
    return function(&given) == 0;
  };
}

rblnc_cancel *rblnc_cancel_create(void) { return new (std::nothrow) rblnc_cancel; }

void rblnc_cancel_request(rblnc_cancel *cancel) {
  if (cancel)
    cancel->isRequested.store(true, std::memory_order_relaxed);
}

void rblnc_cancel_release(rblnc_cancel *cancel) { delete cancel; }
