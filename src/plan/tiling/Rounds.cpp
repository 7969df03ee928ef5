#include "Rounds.h"

#include "rblnc/support/Watch.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir;

namespace rblnc::plan {

/// Rounds must gain this share of the time as well.
static constexpr double leastGainOfRounds = 0.02;
/// Outer rounds are tried out up to this many.
static constexpr int64_t mostOuterRounds = 16;
/// More rounds than this are commands without end.
static constexpr int64_t mostRounds = 1024;
/// Sums are rounded together in chunks of this many products, which stay in one piece.
static constexpr int64_t sumChunk = 64;
/// An excess that counts as the least.
static constexpr double nearlyLeast = 1.1;
/// Classes that are cut one after the other, at most.
static constexpr size_t mostCuts = 6;
/// Summed classes that are tried out.
static constexpr size_t mostSummedClasses = 6;

/// Rounds along what is summed are the innermost.
Grid Rounds::with(Grid grid, int number, int64_t rounds) const {
  for (Cut &cut : grid.cuts)
    if (cut.number == number) {
      cut.rounds = rounds;
      return grid;
    }
  auto *place = grid.cuts.end();
  if (classes.canBeCut(number))
    place = llvm::find_if(grid.cuts, [&](const Cut &cut) { return !classes.canBeCut(cut.number); });
  grid.cuts.insert(place, {number, 1, rounds});
  return grid;
}

/// The numbers of rounds that a class of the grid may be cut into, rising.
SmallVector<int64_t, 12> Rounds::roundsOf(const Grid &grid, int number) const {
  int64_t extent = classes.extent(number);
  for (const Cut &cut : grid.cuts)
    if (cut.number == number)
      extent = llvm::divideCeil(extent, cut.engines);
  SmallVector<int64_t, 12> result;
  bool isSummed = !classes.canBeCut(number);
  for (int64_t rounds = 2; rounds <= std::min(extent, mostRounds); rounds *= 2) {
    if (isSummed && (extent % rounds != 0 || extent / rounds % sumChunk != 0))
      break;
    // As many as the pieces need.
    int64_t needed = llvm::divideCeil(extent, llvm::divideCeil(extent, rounds));
    if (result.empty() || result.back() != needed)
      result.push_back(needed);
  }
  return result;
}

Rounds::Rounds(const OpenWork &work, ArrayRef<int> numbers)
    : work(work), classes(work.classes), limits(work.limits), numbers(numbers), all(numbers) {
  addSummedClasses();
  window = work.windowOf(all);
}

/// Those of the numbers' operations.
void Rounds::addSummedClasses() {
  work.forEach(numbers, [&](const OperationCost &cost) {
    for (int number : cost.classes)
      if (!classes.canBeCut(number) && classes.canBeSummed(number) && work.isOpen(number) &&
          !llvm::is_contained(all, number) && all.size() < numbers.size() + mostSummedClasses)
        all.push_back(number);
  });
}

/// The fewest rounds of a class with which the grid fits.
std::optional<Grid> Rounds::fewest(const Grid &grid, int number) const {
  SmallVector<int64_t, 12> counts = roundsOf(grid, number);
  auto found = std::partition_point(counts.begin(), counts.end(),
                                    [&](int64_t rounds) { return !fits(with(grid, number, rounds)); });
  if (found == counts.end())
    return std::nullopt;
  Grid result = with(grid, number, *found);
  return result.rounds() <= mostRounds ? std::optional(std::move(result)) : std::nullopt;
}

std::optional<Candidate> Rounds::simply(const Candidate &candidate) const {
  if (limits.rounds > 0)
    return asAsked(candidate);
  if (fits(candidate.grid))
    return overlapping(candidate);
  for (int number : numbers)
    if (std::optional<Grid> grid = fewest(candidate.grid, number))
      return overlapping({*grid, candidate.seconds});
  return std::nullopt;
}

std::vector<Candidate> Rounds::ofTwoClasses(const Candidate &candidate) const {
  std::vector<Candidate> found;
  auto add = [&](std::optional<Grid> grid) {
    if (grid)
      found.push_back({std::move(*grid), 0});
  };
  for (int number : all)
    add(fewest(candidate.grid, number));
  for (int outer : numbers)
    for (int64_t rounds : roundsOf(candidate.grid, outer)) {
      if (rounds > mostOuterRounds || wasStopped())
        break;
      Grid grid = with(candidate.grid, outer, rounds);
      for (int number : all)
        if (number != outer)
          add(fewest(grid, number));
    }
  return found;
}

Candidate Rounds::greedily(const Candidate &candidate) const {
  Candidate best = candidate;
  for (size_t cuts = 0; cuts < mostCuts && !wasStopped() && !fits(best.grid); ++cuts) {
    std::vector<std::pair<double, Grid>> tried{{excessOf(best.grid), best.grid}};
    for (int number : all)
      for (int64_t rounds : roundsOf(best.grid, number))
        if (Grid grid = with(best.grid, number, rounds); grid.rounds() <= mostRounds)
          tried.push_back({excessOf(grid), grid});
    double least =
        std::min_element(tried.begin(), tried.end(), [](auto &a, auto &b) { return a.first < b.first; })->first;
    const Grid *next = nullptr;
    for (auto &[excess, grid] : tried)
      if (excess <= nearlyLeast * least && (!next || grid.rounds() < next->rounds()))
        next = &grid;
    if (*next == best.grid)
      break;
    best.grid = *next;
  }
  return best;
}

Candidate Rounds::asAsked(const Candidate &candidate) const {
  Candidate best = candidate;
  for (int number : all) {
    int64_t wanted = llvm::divideCeil(limits.rounds, best.grid.rounds());
    if (wanted < 2)
      break;
    int64_t count = 1;
    for (int64_t rounds : roundsOf(best.grid, number))
      if (rounds <= wanted)
        count = rounds;
    if (count > 1)
      best.grid = with(best.grid, number, count);
  }
  return best;
}

/// More rounds than needed where transfers of some overlap the computation of others.
Candidate Rounds::overlapping(const Candidate &candidate) const {
  double least = work.secondsOf(candidate.grid);
  Candidate best = candidate;
  for (int number : all)
    for (int64_t rounds : roundsOf(candidate.grid, number)) {
      Grid grid = with(candidate.grid, number, rounds);
      if (grid.rounds() <= candidate.grid.rounds() || grid.rounds() > mostRounds)
        continue;
      double seconds = work.secondsOf(grid);
      bool isWorthIt = least - seconds > std::max(leastGainSeconds, leastGainOfRounds * least);
      if (!isWorthIt || !fits(grid))
        continue;
      least = seconds;
      best.grid = grid;
    }
  return best;
}

} // namespace rblnc::plan
