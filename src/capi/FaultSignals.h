// The signals of faults: whose handlers they have, and to whom one that arrives belongs.
#pragma once

#include <pthread.h>

namespace rblnc::capi {

class Guard;

/// Looks up what handlers must not look up. Once, before the first guard.
void prepareFaultSignals();
/// Makes faults of `thread` those of `guard`, and installs the handlers with the first one. Its place in the table, or
/// negative when that is full: then nothing was done.
int enterGuard(pthread_t thread, Guard *guard) noexcept;
/// Ends that; with the last one, the handlers become again what they were before, unless somebody has changed them
/// since.
void leaveGuard(int slot) noexcept;
void unblockFaultSignals() noexcept;
/// "SIGSEGV".
const char *nameOfSignal(int signal);

} // namespace rblnc::capi
