// The rules of the chip (RBLN-C) and what the vendor's compiler refuses (RBLN-W), checked on Triton's IR.
#pragma once

#include "rblnc/support/Diagnostic.h"
#include "rblnc/target/Target.h"

#include "mlir/IR/BuiltinOps.h"

namespace rblnc {

namespace tt {
class FuncOp;
} // namespace tt

struct CheckOptions {
  /// Warnings (RBLN-W) are errors. The setting stays on the Diagnostics that were given.
  bool strict = false;
  /// Of the chips that the kernel is for, the longest first.
  std::vector<int64_t> lineElements = lineElementsOf({});
};

/// Checks every rule on `module`, which the frontend has normalised: helpers inlined, bound arguments replaced by
/// their values, unreachable and dead code removed. Reports one
/// diagnostic per code, Python line and subject, with a count where unrolling repeats it, in the order of the program.
/// Reports C006 and C007 too. Does not change the module. No errors means that the module has one entry function.
void check(mlir::ModuleOp module, const CheckOptions &options, Diagnostics &diagnostics);

/// The one public function with a body. Null, with C006 or C007 reported, when there is none or there are several.
tt::FuncOp findEntry(mlir::ModuleOp module, Diagnostics &diagnostics);

} // namespace rblnc
