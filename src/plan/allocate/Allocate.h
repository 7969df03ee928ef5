// The pass that gives buffers their addresses.
#pragma once

#include "rblnc/npu/Dialect.h"
#include "rblnc/support/Diagnostic.h"
#include "rblnc/target/Target.h"

namespace rblnc::plan {

/// Gives every buffer an address, and returns the bytes of those that were to lie in a scratchpad and are spilled to
/// shared SRAM or DRAM. Fails with RBLN-P001 when there is no room anywhere.
mlir::FailureOr<int64_t> allocate(npu::ProgramOp program, const Target &target, Diagnostics &diagnostics);

} // namespace rblnc::plan
