// Where the elements of a tensor lie in a scratchpad.
//
// A scratchpad is made of lines, of Target::lineElements elements each: 64 on the known chips. The rows of a tensor,
// along its last dimension, begin at lines, so the pitch of the rows is the last dimension rounded up to whole lines.
// What is behind a row's end is padding: nothing writes or reads it, because every access stops at the extents.
// Transfers make and leave it out through their strides, so it moves no bytes.
//
// Three kinds of tensors are dense, row behind row without padding:
// - those whose last dimension is 1, such as the statistics of rows: a line for every number would take as many times
//   the room as a line has elements, and a broadcast reads them one by one anyway;
// - those of a single row;
// - those that are read through reshapes which no strides could say if there were padding, (8, 80) as (640), and not as
//   rows by anything but stores. This saves the transfer that would move their rows together (a layout change).
//
// A layout is chosen for a buffer. Views of it (View.h) go their own ways: a transposed tensor's rows are columns of
// its buffer. Blocks that wait in shared SRAM to be copied into scratchpads are dense, and so are arrays in DRAM.
#pragma once

#include "View.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace rblnc::plan {

/// How a buffer holds a tensor.
struct Layout {
  Extents strides;      ///< in elements; 0 for dimensions of extent 1
  int64_t elements = 0; ///< that the buffer takes, with padding
};

Layout denseLayout(llvm::ArrayRef<int64_t> shape);

/// The elements that a tensor takes with its rows at lines of `lineElements` elements; as many as it has where it is
/// dense for its shape, as said above, or where the padding would exceed what a memory can hold.
int64_t elementsInLines(llvm::ArrayRef<int64_t> shape, int64_t lineElements);

/// The layout that takes them.
Layout lineLayout(llvm::ArrayRef<int64_t> shape, int64_t lineElements);

/// Whether reshapes that need a tensor dense read it, maybe through transposes, broadcasts, slices and other reshapes,
/// and besides them only stores, which do not care. Operations that `isIgnored` names read it elsewhere.
bool isReadDensely(
    mlir::Value tensor, int64_t lineElements,
    llvm::function_ref<bool(mlir::Operation *)> isIgnored = [](mlir::Operation *) { return false; });

/// The layout of a tensor value's buffer in a scratchpad.
Layout layoutOf(mlir::Value tensor, int64_t lineElements);

} // namespace rblnc::plan
