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
std::vector<Tiling> selectTiling(mlir::func::FuncOp kernel, const DimensionClasses &classes, const Target &target,
                                 const TilingLimits &limits);

/// The partition that tilings make, which are chosen one after the other.
Partition partitionOf(mlir::func::FuncOp kernel, const DimensionClasses &classes, llvm::ArrayRef<Tiling> tilings);

/// Other ways to cut it that fit by the estimate of the memory: the operations with the most work by every tiling of
/// two classes over the engines, and these in rounds; the best by the estimate of the time first, `most` at most.
std::vector<std::vector<Tiling>> otherTilings(mlir::func::FuncOp kernel, const DimensionClasses &classes,
                                              const Target &target, const TilingLimits &limits, size_t most);

} // namespace rblnc::plan
