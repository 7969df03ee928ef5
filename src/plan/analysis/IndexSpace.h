// What accesses of commands count over, and how much they touch.
#pragma once

#include "Footprint.h"

namespace rblnc::plan {

/// The extents of the index space that a command's accesses are over; none for a command that has no such space.
llvm::SmallVector<int64_t> indexSpaceOf(mlir::Operation *command);

/// How many bytes of a memory an access touches, and `most` at most: an operand that repeats along a dimension is
/// touched once. `most` as well where the access is over another space.
int64_t bytesTouched(npu::AccessAttr access, llvm::ArrayRef<int64_t> space, int64_t most);

} // namespace rblnc::plan
