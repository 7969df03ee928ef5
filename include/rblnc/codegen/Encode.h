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

/// Encodes the one npu.program of a planned module: signature, regions, program, target and line table. Provenance and
/// the texts for inspection are the caller's to add. Fails with RBLN-X001 when the module holds an operation that has
/// no encoding.
mlir::FailureOr<std::unique_ptr<bundle::BundleT>> encode(mlir::ModuleOp npu, const Target &target,
                                                         Diagnostics &diagnostics);

} // namespace rblnc
