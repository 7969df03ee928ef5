// The steps of planning after the commands are chosen.
#pragma once

#include "rblnc/npu/Dialect.h"
#include "rblnc/support/Diagnostic.h"
#include "rblnc/target/Target.h"

namespace rblnc::plan {

/// Gives every buffer an address; fails with RBLN-P001 when the scratchpad is too small.
mlir::LogicalResult allocate(npu::ProgramOp program, const Target &target, Diagnostics &diagnostics);

/// Orders commands of different queues that touch the same memory or register: a signal after the earlier one, a wait
/// before the later one. Buffers must have addresses.
void synchronize(npu::ProgramOp program);

} // namespace rblnc::plan
