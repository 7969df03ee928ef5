// What is still to be cut while tilings are chosen one after the other, and the time that a tiling would take.
#pragma once

#include "CostAnalysis.h"
#include "TilingLimits.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <vector>

namespace rblnc::plan {

/// What a split must save: less is not worth the commands.
constexpr double leastGainSeconds = 5e-7;

/// A way to cut, and an estimate of its time.
struct Candidate {
  Tiling tiling;
  double seconds = 0;
};

/// What no tiling has been chosen for. The operations of a class that is not taken are all open.
class TilingProblem {
public:
  TilingProblem(mlir::func::FuncOp kernel, const DimensionClasses &classes, const Target &target,
                const TilingLimits &limits);
  TilingProblem(const TilingProblem &) = delete;

  const DimensionClasses &classes;
  const Target &target;
  const TilingLimits &limits;

  /// Whether a tiling can still be chosen for a class: none has been for any operation that has it.
  bool isOpen(int number) const { return !isTaken[number]; }
  /// Closes an operation: all its classes are taken.
  void take(const OperationCost &cost);
  void take(int number) { isTaken[number] = true; }
  /// Calls a function with each operation that has one of these classes.
  void forEach(llvm::ArrayRef<int> numbers, llvm::function_ref<void(const OperationCost &)> visit) const;

  /// The part of the kernel from the first operation that has one of these classes to the last one.
  CostAnalysis::Window windowOf(llvm::ArrayRef<int> numbers) const;
  /// By how many bytes an engine's values exceed its scratchpad there, by the estimate.
  double excessOf(const Tiling &tiling, CostAnalysis::Window window) const {
    return analysis.excess(tiling, window, limits.scratchpadBytes);
  }
  /// An estimate of the time of the tiling's operations. A round's loads, computation and stores follow each other, and
  /// those of different rounds overlap; what stands in branches overlaps what stands in others.
  double secondsOf(const Tiling &tiling) const;

private:
  CostAnalysis analysis;
  std::vector<std::vector<const OperationCost *>> byClass;
  std::vector<bool> isTaken;
};

} // namespace rblnc::plan
