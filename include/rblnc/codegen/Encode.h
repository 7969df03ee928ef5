// From planned device commands to the contents of a bundle.
#pragma once

#include "rblnc/support/Diagnostic.h"
#include "rblnc/target/Target.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"

#include <memory>
#include <vector>

namespace rblnc::bundle {
struct BundleT;
struct Instruction;
} // namespace rblnc::bundle

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

namespace codegen {

/// Encodes a block of scalar operations: values are numbered from the block's arguments on, then one an instruction;
/// `yields` are the numbers of the terminator's operands. On failure `unknown` is the operation that has no encoding.
mlir::LogicalResult encodeScalars(mlir::Block &block, std::vector<bundle::Instruction> &instructions,
                                  std::vector<int32_t> &yields, mlir::Operation *&unknown);

} // namespace codegen
} // namespace rblnc
