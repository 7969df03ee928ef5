// Which RBLN IR can be planned at all.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rblnc::plan {

/// Refuses, with P002, what the steps of planning rely on not to be there: values that no memory holds, tensors without
/// elements, operations that nothing is known about, regions that read tensors of the kernel. Lowering never makes such
/// IR, but anybody can write it.
mlir::LogicalResult verifyPlannable(mlir::func::FuncOp kernel, Diagnostics &diagnostics);

/// The part of it that is about the kernel as a whole: one block, arrays as arguments, no results.
mlir::LogicalResult verifyForm(mlir::func::FuncOp kernel, Diagnostics &diagnostics);

/// P002 for an operation that no device command does.
mlir::LogicalResult refuseOperation(mlir::Operation *op, Diagnostics &diagnostics);

} // namespace rblnc::plan
