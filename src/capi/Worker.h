// A thread for work that needs a deep stack.
#pragma once

#include "rblnc/support/Watch.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace rblnc::capi {

/// Runs `work` on a new thread with a stack as large as the compiler's limits on nesting were made for, and waits for
/// it. The caller's stack may be small, as those of many threads are. Signals stay with the caller's threads. False
/// when there can be no thread; what `work` throws is thrown on. The caller's thread tells `watch` while it waits.
bool runOnDeepStack(Watch &watch, llvm::function_ref<void()> work);

} // namespace rblnc::capi
