// A run's statistics without a profile; report/Report.h adds what a profile knows.
#pragma once

#include "rblnc/bundle/bundle_generated.h"
#include "rblnc/emulator/Machine.h"

#include "llvm/Support/JSON.h"

namespace rblnc::emulator {

/// The statistics with the kernel's and the target's name, the numerics, and the seconds that the run took on the host.
/// `bundle` must have been verified.
llvm::json::Object describeRun(const bundle::Bundle &bundle, Numerics numerics, const RunStats &stats,
                               double hostSeconds);

} // namespace rblnc::emulator
