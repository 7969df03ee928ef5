// What a DMA transfer moves.
#pragma once

#include "rblnc/npu/Dialect.h"

#include <algorithm>
#include <cstdint>

namespace rblnc::plan {

/// Bytes of a transfer's whole block; what is too much for 64 bits counts as INT64_MAX.
inline int64_t bytesOf(npu::DmaOp dma) {
  __int128 bytes = std::max<unsigned>(8, dma.getSourceAccess().getElement().getIntOrFloatBitWidth()) / 8;
  for (int64_t extent : dma.getShape())
    bytes = std::min<__int128>(bytes * extent, INT64_MAX);
  return static_cast<int64_t>(bytes);
}

} // namespace rblnc::plan
