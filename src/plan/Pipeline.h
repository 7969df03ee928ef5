// The passes of planning in their order: what each is called, and what it does. A new pass is a row of a table.
#pragma once

#include "tiling/Partition.h"
#include "tiling/TilingLimits.h"

#include "rblnc/npu/Dialect.h"
#include "rblnc/plan/Plan.h"
#include "rblnc/support/Diagnostic.h"
#include "rblnc/target/Target.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <optional>
#include <string_view>
#include <vector>

namespace rblnc::plan {

/// What passes work on: one kernel for one target.
struct Planning {
  mlir::func::FuncOp kernel; ///< in RBLN IR; null for a program that was read
  const Target &target;
  Diagnostics &diagnostics;
  TilingLimits limits = {};
  /// How the kernel is to be cut; where none is given, as the estimate says.
  std::optional<std::vector<Tiling>> tilings = {};
  npu::ProgramOp program = {}; ///< null until its commands are chosen
  int64_t spilledBytes = 0;    ///< of buffers that allocation moved out of the scratchpads
};

/// What a pass takes and leaves: a kernel in RBLN IR, or a program of device commands.
enum class PassLevel : uint8_t { kernel, selection, program };

struct Pass {
  std::string_view name;
  PassLevel level; ///< `selection` takes a kernel and leaves a program
  /// What the number counts that `run` gives, for --time-report; empty where it counts nothing.
  std::string_view counts;
  /// Fails with diagnostics.
  mlir::FailureOr<int64_t> (*run)(Planning &);
};

/// Passes over the kernel, whatever way it is cut.
llvm::ArrayRef<Pass> kernelPasses();
/// Cuts the kernel, first of the passes that an attempt to fit it into the scratchpads takes.
const Pass &tilingPass();
/// The rest of them, over the kernel that is cut: to a program whose buffers have addresses.
llvm::ArrayRef<Pass> commandPasses();
/// Orders the queues of the program of the best attempt.
const Pass &synchronizePass();

/// The pass of this name, or null.
const Pass *findPass(std::string_view name);

/// Runs a pass and tells the observer, if there is one.
mlir::LogicalResult runPass(const Pass &pass, Planning &planning, const PlanObserver &observer);

} // namespace rblnc::plan
