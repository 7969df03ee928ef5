// From MLIR locations to the user's Python lines.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include "mlir/IR/Location.h"

namespace rblnc {

/// The frames of a location, innermost call first as MLIR nests them, but the user's frame moved to the front: frames
/// of Triton's own library (paths that contain "triton/language/" and the like) come after it. Name locations give
/// the frame below them its name; fused locations contribute their first known part. Empty when nothing is known.
std::vector<SourceFrame> framesOf(mlir::Location location);

} // namespace rblnc
