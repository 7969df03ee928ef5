// The passes of planning in their order: what each is called, and what it does. A new pass is a row of a table.
#pragma once

#include "tiling/Partition.h"
#include "tiling/TilingLimits.h"

#include "rblnc/npu/Dialect.h"
#include "rblnc/plan/Plan.h"
#include "rblnc/support/Diagnostic.h"
#include "rblnc/target/Target.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string_view>
#include <vector>

namespace rblnc::plan {

/// What passes work on: one kernel for one target.
struct Planning {
  mlir::func::FuncOp kernel; ///< in RBLN IR
  const Target &target;
  Diagnostics &diagnostics;
  TilingLimits limits = {};
  std::vector<Tiling> tilings = {}; ///< how the kernel has been cut
  npu::ProgramOp program = {};      ///< null until its commands are chosen
};

struct Pass {
  std::string_view name;
  /// Fails with diagnostics.
  mlir::LogicalResult (*run)(Planning &);
};

/// Passes over the kernel, whatever way it is cut.
llvm::ArrayRef<Pass> kernelPasses();
/// Cuts the kernel, first of the passes that an attempt to fit it into the scratchpads takes.
const Pass &tilingPass();
/// The rest of them, over the kernel that is cut: to a program whose buffers have addresses.
llvm::ArrayRef<Pass> commandPasses();
/// Orders the queues of the program of the best attempt.
const Pass &synchronizePass();

/// Runs a pass and tells the observer, if there is one.
mlir::LogicalResult runPass(const Pass &pass, Planning &planning, const PlanObserver &observer);

} // namespace rblnc::plan
