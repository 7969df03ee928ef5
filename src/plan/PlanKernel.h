// One kernel's commands, cut so that its values fit the scratchpads.
#pragma once

#include "rblnc/npu/Dialect.h"
#include "rblnc/plan/Plan.h"
#include "rblnc/support/Diagnostic.h"
#include "rblnc/target/Target.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace rblnc::plan {

/// Splits a kernel, chooses its commands and gives its buffers addresses. A kernel that spills is cut finer as long as
/// that helps. Its specialised operations have been expanded; the kernel stays as it is. Fails with diagnostics.
mlir::OwningOpRef<npu::ProgramOp> planKernel(mlir::func::FuncOp kernel, const Target &target,
                                             const PlanOptions &options, Diagnostics &diagnostics,
                                             const PlanObserver &observer);

} // namespace rblnc::plan
