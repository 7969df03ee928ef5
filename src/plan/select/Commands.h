// The first step of planning: one walk over a kernel that chooses its commands. Memory is virtual after it (buffers
// have sizes but no addresses) and the commands stand in program order.
#pragma once

#include "rblnc/npu/Dialect.h"
#include "rblnc/support/Diagnostic.h"
#include "rblnc/target/Target.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"

namespace rblnc::plan {

/// Appends an npu.program for `kernel` at the builder's insertion point. Unplannable operations are reported.
mlir::FailureOr<npu::ProgramOp> chooseCommands(mlir::func::FuncOp kernel, const Target &target,
                                               mlir::OpBuilder &builder, Diagnostics &diagnostics);

} // namespace rblnc::plan
