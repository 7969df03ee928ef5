// Where the elements of a tensor value are, and what shape operations do to that: transposes, broadcasts and most
// reshapes move nothing, they only change strides.
#pragma once

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace rblnc::plan {

using Extents = llvm::SmallVector<int64_t, 6>;

/// Row-major strides, in elements, of an array without padding; dimensions of extent 1 have stride 0.
Extents denseStrides(llvm::ArrayRef<int64_t> shape);

/// A tensor whose element [i0, i1, …] is element `offset + sum(i_d * strides[d])` of an SRAM buffer, or `splat`
/// everywhere when there is no buffer.
struct View {
  mlir::Value buffer;
  mlir::TypedAttr splat;
  mlir::Type element;
  int64_t offset = 0;
  Extents strides;

  /// The view through an indexing map: one stride for each of the map's dimensions. The map's results are dimensions
  /// or constant 0.
  Extents stridesThrough(mlir::AffineMap map) const;
};

/// The dimension that each result of an indexing map names, -1 for constant 0. Nothing when a result is anything else.
std::optional<llvm::SmallVector<int, 6>> dimensionsOf(mlir::AffineMap map);

/// The strides of a view of shape `from` when its elements are read, in row-major order, as shape `to`; nothing when no
/// strides can say it and the elements must be moved.
std::optional<Extents> reshapeStrides(llvm::ArrayRef<int64_t> strides, llvm::ArrayRef<int64_t> from,
                                      llvm::ArrayRef<int64_t> to);

} // namespace rblnc::plan
