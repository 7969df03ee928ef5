// What is still to be cut while grids are chosen one after the other, and the time that a grid would take.
#pragma once

#include "Outline.h"
#include "SplitLimits.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <vector>

namespace rblnc::plan {

/// What a split must save: less is not worth the commands.
constexpr double leastGainSeconds = 5e-7;

/// A way to cut, and an estimate of its time.
struct Candidate {
  Grid grid;
  double seconds = 0;
};

/// What no grid has been chosen for. The operations of a class that is not taken are all open.
class OpenWork {
public:
  OpenWork(mlir::func::FuncOp kernel, const DimensionClasses &classes, const Target &target, const SplitLimits &limits);
  OpenWork(const OpenWork &) = delete;

  const DimensionClasses &classes;
  const Target &target;
  const SplitLimits &limits;

  /// Whether a grid can still be chosen for a class: none has been for any operation that has it.
  bool isOpen(int number) const { return !isTaken[number]; }
  /// Closes an operation: all its classes are taken.
  void take(const OperationCost &cost);
  void take(int number) { isTaken[number] = true; }
  /// Calls a function with each operation that has one of these classes.
  void forEach(llvm::ArrayRef<int> numbers, llvm::function_ref<void(const OperationCost &)> visit) const;

  /// The part of the kernel from the first operation that has one of these classes to the last one.
  Outline::Window windowOf(llvm::ArrayRef<int> numbers) const;
  /// By how many bytes an engine's values exceed its scratchpad there, by the estimate.
  double excessOf(const Grid &grid, Outline::Window window) const {
    return outline.excess(grid, window, limits.scratchpadBytes);
  }
  /// An estimate of the time of the grid's operations. A round's loads, computation and stores follow each other, and
  /// those of different rounds overlap; what stands in branches overlaps what stands in others.
  double secondsOf(const Grid &grid) const;

private:
  Outline outline;
  std::vector<std::vector<const OperationCost *>> byClass;
  std::vector<bool> isTaken;
};

} // namespace rblnc::plan
