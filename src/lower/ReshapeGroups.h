// How the axes of one shape correspond to those of another with the same elements.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <optional>

namespace rblnc::lower {

/// Consecutive axes [fromBegin, fromEnd) of the one shape hold the same elements as [toBegin, toEnd) of the other.
struct ReshapeGroup {
  unsigned fromBegin, fromEnd, toBegin, toEnd;
};

/// The finest grouping of a row-major reshape. Both shapes have positive extents and one element count; where one has
/// rank 0 there are no groups.
llvm::SmallVector<ReshapeGroup> groupAxes(llvm::ArrayRef<int64_t> from, llvm::ArrayRef<int64_t> to);

/// The strides of a block after a reshape, or nothing where the reshaped block is not a strided one.
std::optional<llvm::SmallVector<int64_t, 6>>
reshapeStrides(llvm::ArrayRef<int64_t> from, llvm::ArrayRef<int64_t> strides, llvm::ArrayRef<int64_t> to);

} // namespace rblnc::lower
