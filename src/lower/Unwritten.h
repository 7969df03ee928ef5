// Outputs that a kernel leaves unwritten in part.
#pragma once

#include "Access.h"
#include "Signature.h"

#include "llvm/ADT/ArrayRef.h"

namespace rblnc::lower {

/// Warns (W033) of each array that the kernel writes and never reads where some elements are in no store, whatever the
/// run-time values are. Only arrays of a known shape that are no caches count. A store at a run-time place or of
/// run-time length counts as all that it may write, one in a branch as made; what a constant mask leaves out is not
/// written. `accesses`: those of the whole kernel, in the order of the program.
void reportUnwritten(llvm::ArrayRef<Access> accesses, llvm::ArrayRef<ArgumentInfo> arguments, Diagnostics &diagnostics);

} // namespace rblnc::lower
