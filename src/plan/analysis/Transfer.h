// What a DMA transfer moves, and what it may be moved over.
#pragma once

#include "rblnc/npu/Dialect.h"

#include <cstdint>

namespace rblnc::plan {

/// Bytes of a transfer's whole block; what is too much for 64 bits counts as INT64_MAX.
int64_t bytesOf(npu::DmaOp dma);

/// Whether a load from an array has to come after an earlier operation of the program: the beginning or end of a
/// branch, a register that it uses, a store of what it reads, or anything that touches where it loads to.
bool mustFollow(npu::DmaOp load, mlir::Operation *earlier, mlir::ArrayAttr registers);

} // namespace rblnc::plan
