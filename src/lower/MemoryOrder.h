// How a kernel addresses arrays whose elements are not in row-major order: transposed, sliced or expanded tensors.
//
// A kernel says which elements it means by its own arithmetic, and there are two ways to mean them:
//   row-major  the kernel counts elements as if the array was row-major; whoever runs it hands it the elements in that
//              order, and what it writes back into the tensor,
//   as it lies the kernel counts with the tensor's own strides, as Triton's kernels do for a GPU; it gets the memory.
// Block pointers tell by indices, so both ways are the same to them. Of pointer tensors it is found out here; where
// both are possible and name different elements, or neither is, the kernel is refused.
#pragma once

#include "RecordedShapes.h"

#include "Access.h"

#include "rblnc/support/Diagnostic.h"

#include <set>

namespace rblnc::lower {

/// What the kernel's function records about the tensors that it is compiled for.
struct RecordedArrays {
  RecordedShapes shapes;
  /// Of the arrays that are not in row-major order, but are read and written in that order.
  RecordedStrides strides;
  /// Arguments that are addressed as they lie: their shape is the number of elements from the first to the last.
  std::set<unsigned> asTheyLie;
};

/// Reads the record and decides how arrays with strides are addressed. Nothing after an error.
std::optional<RecordedArrays> recordedArrays(tt::FuncOp kernel, llvm::ArrayRef<int64_t> lineElements,
                                             llvm::function_ref<std::string(mlir::Value)> nameOf,
                                             Diagnostics &diagnostics);

} // namespace rblnc::lower
