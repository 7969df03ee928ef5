// The pass that gives buffers their addresses.
#pragma once

#include "rblnc/npu/Dialect.h"
#include "rblnc/support/Diagnostic.h"
#include "rblnc/target/Target.h"

namespace rblnc::plan {

/// Gives every buffer an address; fails with RBLN-P001 when the scratchpad is too small.
mlir::LogicalResult allocate(npu::ProgramOp program, const Target &target, Diagnostics &diagnostics);

} // namespace rblnc::plan
