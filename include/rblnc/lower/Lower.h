// From a verified, normalised `tt` module to RBLN IR.
#pragma once

#include "rblnc/support/Diagnostic.h"
#include "rblnc/target/Target.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Support/LLVM.h"

#include <map>
#include <string>
#include <vector>

namespace rblnc {

/// What the user declares about a kernel's arguments.
struct LowerOptions {
  /// Scalar arguments that become constants (`--bind NAME=VALUE`): argument name to the number's text.
  std::map<std::string, std::string> binds;
  /// The real shapes of arrays (`--shape NAME=2x16x8`): argument name to positive extents.
  std::map<std::string, std::vector<int64_t>> shapes;
  /// rblib.partition_skip without a look at the partition before (rbln.partition_skip has both rules).
  bool naivePartitionSkip = false;
  /// Of the chips that the kernel is for: tensors may be padded to whole lines of a scratchpad.
  std::vector<int64_t> lineElements = lineElementsOf({});
};

/// Replaces the scalar arguments named by `options.binds` with constants and removes them from the public function's
/// signature. Run it before the module is normalised, so that the constants fold. Reports RBLN-I010 for a name that is
/// no argument, RBLN-I011 for an array, and RBLN-I012 for a value that the argument's type does not hold. A module
/// without exactly one public function with a body is left alone: the rules reject it.
mlir::LogicalResult bindArguments(mlir::ModuleOp module, const LowerOptions &options, Diagnostics &diagnostics);

/// Lowers the one public `tt.func` of a module whose calls are inlined to one `func.func` in RBLN IR (see
/// rblnc/rbln/RBLN.td for its form). The input is left as it is. `options.shapes` declares arrays; `options.binds` must
/// have been applied. Whatever cannot be lowered is reported with its Python line: C003 (operation), C004 (pointer),
/// C005 (type), C006 and C007 (entry function), C008 (dynamic shape), C009 (access outside of its array), I010, I011
/// and I013 (declared shapes).
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> lowerToRBLN(mlir::ModuleOp module, const LowerOptions &options,
                                                               Diagnostics &diagnostics);

} // namespace rblnc
