// Window slices that go from where they are cut out straight to memory.
#pragma once

#include "rblnc/rbln/Dialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rblnc::plan {

/// The store that is all that becomes of a slice, so that one transfer can do both; null when there is none. It stands
/// in the slice's block and has no clips, which would have to be joined with the slice's.
rbln::StoreOp storeOf(rbln::WindowSliceOp slice);

/// Puts slices right before their stores, however far a split has moved them apart: the block that is sliced is in use
/// until then.
/// Gives the number of slices that have such a store.
int64_t storeWindows(mlir::func::FuncOp kernel);

} // namespace rblnc::plan
