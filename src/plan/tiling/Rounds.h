// Going through an engine's part in rounds.
#pragma once

#include "OpenWork.h"

#include <optional>

namespace rblnc::plan {

/// Cuts the engines' parts into rounds.
class Rounds {
public:
  /// Of the classes with these numbers, and of the summed classes of their operations.
  Rounds(const OpenWork &work, llvm::ArrayRef<int> numbers);

  /// Whether an engine's values fit its scratchpad, by the estimate.
  bool fits(const Grid &grid) const { return excessOf(grid) == 0; }
  /// The grid as it is when it fits, or in rounds of one class; with rounds that the user asks for, in these.
  std::optional<Candidate> simply(const Candidate &candidate) const;
  /// The grid in rounds that fit, of up to two classes; the outer one's are few.
  std::vector<Candidate> ofTwoClasses(const Candidate &candidate) const;
  /// One class after the other is cut, each time the one that leaves the least excess, in as few rounds as come near
  /// that; until it fits, or nothing helps.
  Candidate greedily(const Candidate &candidate) const;

private:
  double excessOf(const Grid &grid) const { return work.excessOf(grid, window); }
  Grid with(Grid grid, int number, int64_t rounds) const;
  llvm::SmallVector<int64_t, 12> roundsOf(const Grid &grid, int number) const;
  void addSummedClasses();
  std::optional<Grid> fewest(const Grid &grid, int number) const;
  Candidate asAsked(const Candidate &candidate) const;
  Candidate overlapping(const Candidate &candidate) const;

  const OpenWork &work;
  const DimensionClasses &classes;
  const SplitLimits &limits;
  llvm::SmallVector<int, 6> numbers;
  llvm::SmallVector<int, 12> all; ///< these, and the summed ones
  Outline::Window window;         ///< of all
};

} // namespace rblnc::plan
