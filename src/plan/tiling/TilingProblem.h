// What is still to be cut while tilings are chosen one after the other, and the time that a tiling would take.
#pragma once

#include "CostAnalysis.h"
#include "TilingLimits.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <vector>

namespace rblnc::plan {

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
  const CostModel model;
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
  /// An estimate of the time of all operations that have one of the classes of `scope`, when these are cut so: also of
  /// those that have none of the tiling's classes, which every engine does that needs them. A round's loads,
  /// computation and stores follow each other, and those of different rounds overlap; what stands in branches overlaps
  /// what stands in others.
  double secondsOf(const Tiling &tiling, llvm::ArrayRef<int> scope) const;

  /// Of an operation's work: the part that an engine does in one round, the rounds that it is done in, and the engines
  /// that do the same.
  struct Share {
    double work = 1, rounds = 1, copies = 1;
  };
  Share shareOf(const OperationCost &cost, const Tiling &tiling) const;
  /// The transfers of all engines in one round, one after the other on the paths that engines share.
  double transferSeconds(const OperationCost &cost, const Share &share) const;

private:
  CostAnalysis analysis;
  std::vector<std::vector<const OperationCost *>> byClass;
  std::vector<bool> isTaken;
};

} // namespace rblnc::plan
