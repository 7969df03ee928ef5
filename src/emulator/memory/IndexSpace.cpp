#include "IndexSpace.h"

namespace rblnc::emulator {

void coalesce(Extents &shape, llvm::MutableArrayRef<Extents> strides) {
  size_t kept = 0;
  for (size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] == 1)
      continue;
    bool canMerge = kept > 0;
    for (const Extents &stride : strides)
      canMerge = canMerge && stride[kept - 1] == stride[d] * shape[d];
    if (canMerge) {
      shape[kept - 1] *= shape[d];
      for (Extents &stride : strides)
        stride[kept - 1] = stride[d];
      continue;
    }
    shape[kept] = shape[d];
    for (Extents &stride : strides)
      stride[kept] = stride[d];
    ++kept;
  }
  shape.resize(kept);
  for (Extents &stride : strides)
    stride.resize(kept);
}

int64_t countOf(llvm::ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  return count;
}

} // namespace rblnc::emulator
