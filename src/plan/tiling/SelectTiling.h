// The choice of what is cut, over engines and into rounds.
#pragma once

#include "Partition.h"
#include "TilingLimits.h"

#include "rblnc/target/Target.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rblnc::plan {

/// Cuts over engines where the estimate of the time gains something (with Split::most, wherever it can), and into
/// rounds where an engine's part would not fit its scratchpad or where loads, computation and stores of several rounds
/// overlap.
Partition selectTiling(mlir::func::FuncOp kernel, const DimensionClasses &classes, const Target &target,
                       const TilingLimits &limits);

} // namespace rblnc::plan
