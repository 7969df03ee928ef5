// From RBLN IR to device commands: fusion, placement, memory and synchronisation.
#pragma once

#include "rblnc/plan/Options.h"
#include "rblnc/support/Diagnostic.h"
#include "rblnc/target/Target.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Support/LLVM.h"

#include <functional>
#include <span>
#include <string_view>

namespace rblnc {

/// A pass of planning that is over.
struct PlanReport {
  std::string_view name;
  double milliseconds = 0;
  bool done = true; ///< without errors
  /// What it leaves: a kernel in RBLN IR or an npu.program. Only for the time of the call.
  mlir::Operation *ir = nullptr;
  /// How much it did, and what that counts ("loads"); without a word when it counts nothing.
  int64_t count = 0;
  std::string_view counts = {};
};
using PlanObserver = std::function<void(const PlanReport &)>;

/// The passes of planning, in their order. Those from "split" to "allocate" are taken again, with a kernel that is cut
/// finer, when values had to be spilled.
std::span<const std::string_view> planPasses();

/// Plans every kernel of an RBLN IR module for a target: the result holds one npu.program a kernel, whose buffers have
/// addresses and whose queues are ordered by signals and waits. Fails with RBLN-P diagnostics when the kernel does not
/// fit the target, with the live buffers, their sizes and Python lines. Results do not depend on the options.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> planForTarget(mlir::ModuleOp rblnIR, const Target &target,
                                                                 const PlanOptions &options, Diagnostics &diagnostics,
                                                                 const PlanObserver &observer = {});

/// Runs one of planPasses() alone, on each kernel in RBLN IR or each program of device commands of a module, for tests
/// and for looking at one pass. "choose-commands" puts programs in the place of kernels. "split" cuts by the options,
/// as for a kernel that fits. Fails with diagnostics, RBLN-I054 where the module holds what the pass does not take.
mlir::LogicalResult runPlanPass(std::string_view name, mlir::ModuleOp module, const Target &target,
                                const PlanOptions &options, Diagnostics &diagnostics,
                                const PlanObserver &observer = {});

} // namespace rblnc
