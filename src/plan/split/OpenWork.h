// What is still to be cut while grids are chosen one after the other, and the time that a grid would take.
#pragma once

#include "Outline.h"
#include "SplitLimits.h"

#include <vector>

namespace rblnc::plan {

/// What a split must save: less is not worth the commands.
constexpr double leastGainSeconds = 5e-7;

/// A way to cut, and an estimate of its time.
struct Candidate {
  Grid grid;
  double seconds = 0;
};

/// The operations that no grid has been chosen for.
struct OpenWork {
  OpenWork(mlir::func::FuncOp kernel, const DimensionClasses &classes, const Target &target, const SplitLimits &limits);
  OpenWork(const OpenWork &) = delete;

  const DimensionClasses &classes;
  const Target &target;
  const SplitLimits &limits;
  Outline outline;
  std::vector<const OperationCost *> operations;
  std::vector<bool> isTaken; ///< classes that are in an operation of an earlier grid

  /// Whether an engine's values fit its scratchpad, by the estimate.
  bool fits(const Grid &grid) const { return excessOf(grid) == 0; }
  double excessOf(const Grid &grid) const { return outline.excess(grid, limits.scratchpadBytes); }
  /// An estimate of the time of the grid's operations. A round's loads, computation and stores follow each other, and
  /// those of different rounds overlap; what stands in branches overlaps what stands in others.
  double secondsOf(const Grid &grid) const;
};

} // namespace rblnc::plan
