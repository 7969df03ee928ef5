// The proof that a program has no data race: whatever two queues do to the same bytes or to the same register, of which
// one writes, semaphores order, for all values of registers and whichever commands are skipped.
// src/bundle/prove/README.md has the argument.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include <vector>

namespace rblnc::bundle {

struct Bundle;

/// What is not proven, as errors with this code: two commands that may touch the same bytes and that nothing orders,
/// with their places, memory and bytes; a register that may be used before it is loaded; or that the program is too
/// large or too entangled to tell. A few for each program; none when all is proven. `bundle` must have been verified.
std::vector<Diagnostic> findUnordered(const Bundle &bundle, Code code);

} // namespace rblnc::bundle
