// Going through an engine's part in rounds.
#pragma once

#include "TilingProblem.h"

#include <optional>

namespace rblnc::plan {

/// Cuts the engines' parts into rounds.
class TemporalTiling {
public:
  /// Of the classes with these numbers, and of the summed classes of their operations.
  TemporalTiling(const TilingProblem &problem, llvm::ArrayRef<int> numbers);

  /// Those of the constructor, and the summed ones.
  llvm::ArrayRef<int> scope() const { return all; }
  /// Whether an engine's values fit its scratchpad, by the estimate.
  bool fits(const Tiling &tiling) const { return excessOf(tiling) == 0; }
  /// An estimate of the time of all operations that have one of the classes.
  double secondsOf(const Tiling &tiling) const { return problem.secondsOf(tiling, all); }
  /// The tiling in as many rounds of one class as have different tiles, for every class: those that fit.
  std::vector<Tiling> ofOneClass(const Tiling &tiling) const;
  /// The tiling as it is when it fits, or in rounds of one class; with rounds that the user asks for, in these.
  std::optional<Candidate> simply(const Candidate &candidate) const;
  /// The tiling in rounds that fit, of up to two classes; the outer one's are few.
  std::vector<Candidate> ofTwoClasses(const Candidate &candidate) const;
  /// One class after the other is cut, each time the one that leaves the least excess, in as few rounds as come near
  /// that; until it fits, or nothing helps.
  Candidate greedily(const Candidate &candidate) const;

private:
  double excessOf(const Tiling &tiling) const { return problem.excessOf(tiling, window); }
  Tiling with(Tiling tiling, int number, int64_t rounds) const;
  llvm::SmallVector<int64_t, 12> roundsOf(const Tiling &tiling, int number) const;
  void addSummedClasses();
  std::optional<Tiling> fewest(const Tiling &tiling, int number) const;
  Candidate asAsked(const Candidate &candidate) const;
  Candidate overlapping(const Candidate &candidate) const;

  const TilingProblem &problem;
  const DimensionClasses &classes;
  const TilingLimits &limits;
  llvm::SmallVector<int, 6> numbers;
  llvm::SmallVector<int, 12> all; ///< these, and the summed ones
  CostAnalysis::Window window;    ///< of all
};

} // namespace rblnc::plan
