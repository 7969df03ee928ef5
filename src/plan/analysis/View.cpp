#include "View.h"

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;

namespace rblnc::plan {

Extents denseStrides(ArrayRef<int64_t> shape) {
  Extents strides(shape.size(), 0);
  int64_t stride = 1;
  for (size_t d = shape.size(); d-- > 0;) {
    strides[d] = shape[d] == 1 ? 0 : stride;
    stride *= shape[d];
  }
  return strides;
}

std::optional<SmallVector<int, 6>> dimensionsOf(AffineMap map) {
  SmallVector<int, 6> dimensions;
  for (AffineExpr result : map.getResults()) {
    if (auto dimension = dyn_cast<AffineDimExpr>(result))
      dimensions.push_back(static_cast<int>(dimension.getPosition()));
    else if (auto constant = dyn_cast<AffineConstantExpr>(result); constant && constant.getValue() == 0)
      dimensions.push_back(-1);
    else
      return std::nullopt;
  }
  return dimensions;
}

Extents View::stridesThrough(AffineMap map) const {
  Extents through(map.getNumDims(), 0);
  if (splat)
    return through;
  auto dimensions = dimensionsOf(map);
  for (auto [operandDim, loopDim] : llvm::enumerate(*dimensions))
    if (loopDim >= 0)
      through[loopDim] += strides[operandDim];
  return through;
}

std::optional<Extents> reshapeStrides(ArrayRef<int64_t> strides, ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  // Merge the source dimensions into maximal runs that are contiguous in memory order, then cut the target's
  // dimensions out of these runs, from the last one on.
  struct Run {
    int64_t extent, stride;
  };
  SmallVector<Run, 6> runs;
  for (size_t d = from.size(); d-- > 0;) {
    if (from[d] == 1)
      continue;
    if (!runs.empty() && strides[d] == runs.back().stride * runs.back().extent)
      runs.back().extent *= from[d];
    else
      runs.push_back({from[d], strides[d]});
  }
  Extents result(to.size(), 0);
  size_t run = 0;
  for (size_t d = to.size(); d-- > 0;) {
    if (to[d] == 1)
      continue;
    while (run < runs.size() && runs[run].extent == 1)
      ++run;
    if (run == runs.size() || runs[run].extent % to[d] != 0)
      return std::nullopt;
    result[d] = runs[run].stride;
    runs[run].stride *= to[d];
    runs[run].extent /= to[d];
  }
  return result;
}

} // namespace rblnc::plan
