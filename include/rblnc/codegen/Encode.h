// From planned device commands to the contents of a bundle.
#pragma once

#include "rblnc/support/Diagnostic.h"
#include "rblnc/target/Target.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"

#include <memory>

namespace rblnc::bundle {
struct BundleT;
}

namespace rblnc {

/// One kernel as a planned module with one npu.program, and what it was planned for.
struct PlannedKernel {
  mlir::ModuleOp npu;
  const Target *target;
};

/// Encodes the programs of one kernel for one target or several: signature and regions, which the programs share, then
/// targets, programs and line table. Provenance and the texts for inspection are the caller's to add. Reports `fault`
/// for an operation that has no encoding: RBLN-X001 when the programs were planned here, RBLN-I022 when a user wrote
/// them.
mlir::FailureOr<std::unique_ptr<bundle::BundleT>> encode(llvm::ArrayRef<PlannedKernel> kernels, Code fault,
                                                         Diagnostics &diagnostics);

} // namespace rblnc
