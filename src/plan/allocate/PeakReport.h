// What is said when the values of a kernel fit no memory.
#pragma once

#include "Pack.h"

#include "rblnc/npu/Dialect.h"
#include "rblnc/support/Diagnostic.h"
#include "rblnc/target/Target.h"

namespace rblnc::plan {

/// Reports RBLN-P001: the bytes at the command where most are live, and, as notes with sizes and Python lines, what is
/// live there. The fix names a size of block that fits, by the packer and the longest rows that there may be. `ranges`
/// has an entry for each of the buffers.
void reportPeak(npu::ProgramOp program, llvm::ArrayRef<npu::BufferOp> buffers, llvm::ArrayRef<LiveRange> ranges,
                const Target &target, Diagnostics &diagnostics);

} // namespace rblnc::plan
