#include "TemporalTiling.h"
#include "tuning/Tuning.h"

#include "rblnc/support/Watch.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir;

namespace rblnc::plan {

/// Rounds along what is summed are the innermost.
Tiling TemporalTiling::with(Tiling tiling, int number, int64_t rounds) const {
  for (TiledClass &tiled : tiling.classes)
    if (tiled.number == number) {
      tiled.temporal = rounds;
      return tiling;
    }
  auto *place = tiling.classes.end();
  if (classes.canBeTiled(number))
    place = llvm::find_if(tiling.classes, [&](const TiledClass &tiled) { return !classes.canBeTiled(tiled.number); });
  tiling.classes.insert(place, {number, 1, rounds});
  return tiling;
}

/// The numbers of rounds that a class of the tiling may be cut into, rising.
SmallVector<int64_t, 12> TemporalTiling::roundsOf(const Tiling &tiling, int number) const {
  int64_t extent = classes.extent(number);
  for (const TiledClass &tiled : tiling.classes)
    if (tiled.number == number)
      extent = llvm::divideCeil(extent, tiled.spatial);
  SmallVector<int64_t, 12> result;
  bool isSummed = !classes.canBeTiled(number);
  for (int64_t rounds = 2; rounds <= std::min(extent, tuning::mostRounds); rounds *= 2) {
    if (isSummed && (extent % rounds != 0 || extent / rounds % limits.sumMultiple != 0))
      break;
    // As many as the tiles need.
    int64_t needed = llvm::divideCeil(extent, llvm::divideCeil(extent, rounds));
    if (result.empty() || result.back() != needed)
      result.push_back(needed);
  }
  return result;
}

TemporalTiling::TemporalTiling(const TilingProblem &problem, ArrayRef<int> numbers)
    : problem(problem), classes(problem.classes), limits(problem.limits), numbers(numbers), all(numbers) {
  addSummedClasses();
  window = problem.windowOf(all);
}

/// Those of the numbers' operations.
void TemporalTiling::addSummedClasses() {
  problem.forEach(numbers, [&](const OperationCost &cost) {
    for (int number : cost.classes)
      if (!classes.canBeTiled(number) && classes.canBeSummed(number) && problem.isOpen(number) &&
          !llvm::is_contained(all, number) && all.size() < numbers.size() + tuning::mostSummedClasses)
        all.push_back(number);
  });
}

/// The fewest rounds of a class with which the tiling fits.
std::optional<Tiling> TemporalTiling::fewest(const Tiling &tiling, int number) const {
  SmallVector<int64_t, 12> counts = roundsOf(tiling, number);
  auto found = std::partition_point(counts.begin(), counts.end(),
                                    [&](int64_t rounds) { return !fits(with(tiling, number, rounds)); });
  if (found == counts.end())
    return std::nullopt;
  Tiling result = with(tiling, number, *found);
  return result.rounds() <= tuning::mostRounds ? std::optional(std::move(result)) : std::nullopt;
}

std::optional<Candidate> TemporalTiling::simply(const Candidate &candidate) const {
  if (limits.rounds > 0)
    return asAsked(candidate);
  if (fits(candidate.tiling))
    return overlapping(candidate);
  for (int number : numbers)
    if (std::optional<Tiling> tiling = fewest(candidate.tiling, number))
      return overlapping({*tiling, candidate.seconds});
  return std::nullopt;
}

std::vector<Tiling> TemporalTiling::ofOneClass(const Tiling &tiling) const {
  std::vector<Tiling> found;
  for (int number : all)
    for (int64_t rounds : roundsOf(tiling, number)) {
      Tiling several = with(tiling, number, rounds);
      if (several.rounds() <= tuning::mostRounds && fits(several))
        found.push_back(std::move(several));
    }
  return found;
}

std::vector<Candidate> TemporalTiling::ofTwoClasses(const Candidate &candidate) const {
  std::vector<Candidate> found;
  auto add = [&](std::optional<Tiling> tiling) {
    if (tiling)
      found.push_back({std::move(*tiling), 0});
  };
  for (int number : all)
    add(fewest(candidate.tiling, number));
  for (int outer : numbers)
    for (int64_t rounds : roundsOf(candidate.tiling, outer)) {
      if (rounds > tuning::mostOuterRounds || wasStopped())
        break;
      Tiling tiling = with(candidate.tiling, outer, rounds);
      for (int number : all)
        if (number != outer)
          add(fewest(tiling, number));
    }
  return found;
}

Candidate TemporalTiling::greedily(const Candidate &candidate) const {
  Candidate best = candidate;
  for (size_t step = 0; step < tuning::mostTiledClasses && !wasStopped() && !fits(best.tiling); ++step) {
    std::vector<std::pair<double, Tiling>> tried{{excessOf(best.tiling), best.tiling}};
    for (int number : all)
      for (int64_t rounds : roundsOf(best.tiling, number))
        if (Tiling tiling = with(best.tiling, number, rounds); tiling.rounds() <= tuning::mostRounds)
          tried.push_back({excessOf(tiling), tiling});
    double least =
        std::min_element(tried.begin(), tried.end(), [](auto &a, auto &b) { return a.first < b.first; })->first;
    const Tiling *next = nullptr;
    for (auto &[excess, tiling] : tried)
      if (excess <= tuning::nearlyLeast * least && (!next || tiling.rounds() < next->rounds()))
        next = &tiling;
    if (*next == best.tiling)
      break;
    best.tiling = *next;
  }
  return best;
}

Candidate TemporalTiling::asAsked(const Candidate &candidate) const {
  Candidate best = candidate;
  for (int number : all) {
    int64_t wanted = llvm::divideCeil(limits.rounds, best.tiling.rounds());
    if (wanted < 2)
      break;
    int64_t count = 1;
    for (int64_t rounds : roundsOf(best.tiling, number))
      if (rounds <= wanted)
        count = rounds;
    if (count > 1)
      best.tiling = with(best.tiling, number, count);
  }
  return best;
}

/// More rounds than needed where transfers of some overlap the computation of others.
Candidate TemporalTiling::overlapping(const Candidate &candidate) const {
  double least = secondsOf(candidate.tiling);
  Candidate best = candidate;
  for (int number : all)
    for (int64_t rounds : roundsOf(candidate.tiling, number)) {
      Tiling tiling = with(candidate.tiling, number, rounds);
      if (tiling.rounds() <= candidate.tiling.rounds() || tiling.rounds() > tuning::mostRounds)
        continue;
      double seconds = secondsOf(tiling);
      bool isWorthIt = least - seconds > std::max(tuning::leastGainSeconds, tuning::leastGainOfRounds * least);
      if (!isWorthIt || !fits(tiling))
        continue;
      least = seconds;
      best.tiling = tiling;
    }
  return best;
}

} // namespace rblnc::plan
