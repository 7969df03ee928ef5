#include "Transfer.h"

#include "Hazards.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace mlir;

namespace rblnc::plan {

int64_t bytesOf(npu::DmaOp dma) {
  __int128 bytes = std::max<unsigned>(8, dma.getSourceAccess().getElement().getIntOrFloatBitWidth()) / 8;
  for (int64_t extent : dma.getShape())
    bytes = std::min<__int128>(bytes * extent, INT64_MAX);
  return static_cast<int64_t>(bytes);
}

bool mustFollow(npu::DmaOp load, Operation *earlier, ArrayAttr registers) {
  if (isa<npu::BufferOp, npu::ConstantOp>(earlier))
    return false;
  if (isa<npu::BranchOp, npu::JoinOp, npu::ArgumentOp>(earlier))
    return true;
  Effects effects = effectsOf(load), others = effectsOf(earlier);
  if (others.registerWritten >= 0 && llvm::is_contained(effects.registersRead, others.registerWritten))
    return true;
  return llvm::any_of(others.touches, [&](const Touch &other) {
    return llvm::any_of(effects.touches, [&](const Touch &touch) {
      if (touch.memory != other.memory || (!touch.isWrite && !other.isWrite))
        return false;
      return touch.isWrite || !Footprint::of(touch, registers).isApartFrom(Footprint::of(other, registers));
    });
  });
}

} // namespace rblnc::plan
