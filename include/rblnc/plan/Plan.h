// From RBLN IR to device commands: fusion, placement, memory and synchronisation.
#pragma once

#include "rblnc/plan/Options.h"
#include "rblnc/support/Diagnostic.h"
#include "rblnc/target/Target.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Support/LLVM.h"

namespace rblnc {

/// Plans every kernel of an RBLN IR module for a target: the result holds one npu.program a kernel, whose buffers have
/// addresses and whose queues are ordered by signals and waits. Fails with RBLN-P diagnostics when the kernel does not
/// fit the target, with the live buffers, their sizes and Python lines. Results do not depend on the options.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> planForTarget(mlir::ModuleOp rblnIR, const Target &target,
                                                                 const PlanOptions &options, Diagnostics &diagnostics);

} // namespace rblnc
