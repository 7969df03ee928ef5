// A thread for work that needs a deep stack.
#pragma once

#include "rblnc/support/Watch.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>
#include <string>

namespace rblnc::capi {

/// How work ended that did not throw. Faulted: its thread stands still for ever, in the middle of what it did; nothing
/// that it used may be used or freed any more.
enum class WorkEnd { Done, NoThread, Faulted };

/// Runs `work` on a new thread with a stack as large as the compiler's limits on nesting were made for, and waits for
/// it. The caller's stack may be small, as those of many threads are. Signals stay with the caller's threads. What
/// `work` throws is thrown on. The caller's thread tells `watch` while it waits. `fault` is set when there was one.
WorkEnd runOnDeepStack(Watch &watch, llvm::function_ref<void()> work, std::string &fault);

} // namespace rblnc::capi
