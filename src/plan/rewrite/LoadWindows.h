// The filled part of a window is loaded to where it is used.
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rblnc::plan {

/// Rewrites new rows that are appended to a window which was just loaded,
///
///     window_insert(new, load(window)) at off   as   insert(new, load(window and room for new, rows before off)) at
///     off
///
/// where what is not loaded is zero: the same values, without a second buffer and a copy, and without the rows of the
/// window that are not filled. Zeros that are put behind the window, as all but its slices need them, are loaded with
/// it. The load has no clip or padding, and nothing is stored to its array up to the insertion, which is where it moves
/// to. No row at or beyond `off` is touched, so the longer block does not leave the array.
/// Gives the number of windows that are.
int64_t loadWindows(mlir::func::FuncOp kernel);

} // namespace rblnc::plan
