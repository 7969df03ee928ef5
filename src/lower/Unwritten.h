// Outputs that a kernel leaves unwritten in part.
#pragma once

#include "Access.h"
#include "Signature.h"

#include "llvm/ADT/ArrayRef.h"

namespace rblnc::lower {

/// Warns (W033) of each array that the kernel writes and never reads where some elements are in no store's block. Only
/// arrays of a known shape that are no caches count, all of whose stores are made for certain and at constant places;
/// what a mask leaves out counts as written. `accesses`: those of the whole kernel, in the order of the program.
void reportUnwritten(mlir::Block &body, llvm::ArrayRef<Access> accesses, llvm::ArrayRef<ArgumentInfo> arguments,
                     Diagnostics &diagnostics);

} // namespace rblnc::lower
