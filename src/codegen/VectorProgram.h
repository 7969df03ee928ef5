// The encoding of vector programs: regions of scalar operations become numbered values.
#pragma once

#include "rblnc/bundle/bundle_generated.h"
#include "rblnc/npu/Dialect.h"

namespace rblnc::codegen {

/// Encodes the steps and outputs' values of a vector program; accesses are encoded by the caller. On failure `unknown`
/// is the operation that has no encoding.
mlir::LogicalResult encodeSteps(npu::VectorOp op, bundle::VectorT &vector, mlir::Operation *&unknown);

} // namespace rblnc::codegen
