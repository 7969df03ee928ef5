// Which RBLN IR can be planned at all.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rblnc::plan {

/// Refuses, with P002, what the steps of planning rely on not to be there: values that no memory holds, tensors without
/// elements, operations that nothing is known about, regions that read tensors of the kernel. Lowering never makes such
/// IR, but anybody can write it. Constants that a region reads from outside are copied into it, so that operations can
/// be copied by themselves. Static clips are brought into their block, so that they can be moved.
mlir::LogicalResult acceptKernel(mlir::func::FuncOp kernel, Diagnostics &diagnostics);

} // namespace rblnc::plan
