#include "IndexSpace.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir;

namespace rblnc::plan {

SmallVector<int64_t> indexSpaceOf(Operation *command) {
  SmallVector<int64_t> space;
  if (auto dma = dyn_cast<npu::DmaOp>(command)) {
    space.append(dma.getShape().begin(), dma.getShape().end());
  } else if (auto matmul = dyn_cast<npu::MatmulOp>(command)) {
    space.append(matmul.getBatch().begin(), matmul.getBatch().end());
    space.append(matmul.getMnk().begin(), matmul.getMnk().end());
  } else if (auto vector = dyn_cast<npu::VectorOp>(command)) {
    space.append(vector.getOuter().begin(), vector.getOuter().end());
    space.append(vector.getInner().begin(), vector.getInner().end());
  }
  return space;
}

int64_t bytesTouched(npu::AccessAttr access, ArrayRef<int64_t> space, int64_t most) {
  if (access.getStrides().size() != space.size())
    return most;
  int64_t bytes = std::max<int64_t>(1, access.getElement().getIntOrFloatBitWidth() / 8);
  for (auto [stride, extent] : llvm::zip(access.getStrides(), space))
    if (stride != 0 && (llvm::MulOverflow(bytes, extent, bytes) || bytes > most))
      return most;
  return bytes;
}

} // namespace rblnc::plan
