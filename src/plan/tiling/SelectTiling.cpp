// Cuts are chosen by what they make of an estimate of the time, among those that fit by an estimate of the memory.
#include "SelectTiling.h"

#include "SpatialTiling.h"
#include "TemporalTiling.h"

#include "rblnc/rbln/Dialect.h"
#include "rblnc/support/Watch.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

using namespace mlir;

namespace rblnc::plan {
namespace {

/// A second class must be in this share of the first one's work.
constexpr double leastShare = 0.5;
/// Work that counts as the same.
constexpr double nearlyAll = 0.9;
/// Other classes for the engines than those that share least must take this share of the time, or less.
constexpr double leastShareOfOther = 0.75;
/// Classes that are tried out for other tilings, and for rounds.
constexpr size_t mostClasses = 6;

/// For each class, the least stride that it has in any array.
std::vector<int64_t> leastStrides(func::FuncOp kernel, const DimensionClasses &classes) {
  std::vector<int64_t> strides(classes.count(), std::numeric_limits<int64_t>::max());
  auto see = [&](Value block, ArrayRef<int64_t> blockStrides) {
    for (auto [d, stride] : llvm::enumerate(blockStrides))
      if (int number = classes.classOf(block, static_cast<int64_t>(d)); number != DimensionClasses::none)
        strides[number] = std::min(strides[number], stride < 0 ? -stride : stride);
  };
  kernel.walk([&](Operation *op) {
    if (auto load = dyn_cast<rbln::LoadOp>(op))
      see(load.getResult(), load.getStrides());
    else if (auto store = dyn_cast<rbln::StoreOp>(op))
      see(store.getValue(), store.getStrides());
  });
  return strides;
}

class Chooser {
public:
  Chooser(func::FuncOp kernel, const DimensionClasses &classes, const Target &target, const TilingLimits &limits)
      : classes(classes), limits(limits), open(kernel, classes, target, limits), partition(classes),
        strides(leastStrides(kernel, classes)) {}

  Partition run() {
    double leastGain = limits.split == Split::most || limits.rounds > 0 ? 0 : leastGainSeconds;
    std::vector<double> work(classes.count(), 0);
    std::vector<int> numbers;
    for (int number = 0; number < classes.count(); ++number) {
      if (!classes.canBeCut(number))
        continue;
      open.forEach(number, [&](const OperationCost &cost) { work[number] += cost.seconds(); });
      if (work[number] > leastGain)
        numbers.push_back(number);
    }
    llvm::stable_sort(numbers, [&](int a, int b) { return work[a] > work[b]; });
    for (int number : numbers)
      while (open.isOpen(number) && !wasStopped()) {
        // Of about the same work, the class whose parts lie furthest apart in memory: they are moved in long pieces.
        int first = number;
        for (int other : neighbours(number, 0))
          if (work[other] >= nearlyAll * work[number] && strides[other] > strides[first])
            first = other;
        choose(first, work[first]);
      }
    return std::move(partition);
  }

private:
  /// The classes that can be cut and run through more than this work of the operations that have `first`, which is the
  /// first of them.
  SmallVector<int, 6> neighbours(int first, double work) const {
    std::map<int, double> shared;
    open.forEach(first, [&](const OperationCost &cost) {
      for (int number : cost.classes)
        if (number != first && classes.canBeCut(number) && open.isOpen(number))
          shared[number] += cost.seconds();
    });
    SmallVector<int, 6> numbers;
    for (auto [number, seconds] : shared)
      if (seconds > work)
        numbers.push_back(number);
    llvm::stable_sort(numbers, [&](int a, int b) { return shared[a] > shared[b]; });
    numbers.insert(numbers.begin(), first);
    if (numbers.size() > mostClasses)
      numbers.truncate(mostClasses);
    return numbers;
  }

  /// Settles the operations that have a class: how they are cut, or that they are not.
  void choose(int first, double work) {
    SmallVector<int, 6> numbers = neighbours(first, leastShare * work);
    int second = numbers.size() > 1 ? numbers[1] : DimensionClasses::none;
    Candidate preferred = spatialTiling(open, first, second);
    TemporalTiling rounds(open, neighbours(first, 0));
    std::optional<Candidate> best = rounds.simply(preferred);
    if (best && limits.split == Split::automatic && limits.rounds == 0)
      considerOthers(numbers, rounds, *best);
    if (!best) {
      // Cut over the engines in another way, what they share may fit.
      std::vector<Candidate> candidates{preferred};
      if (limits.split == Split::automatic)
        addFactorings(numbers, candidates);
      for (const Candidate &candidate : candidates)
        for (Candidate &two : rounds.ofTwoClasses(candidate)) {
          two.seconds = open.secondsOf(two.tiling);
          if (!best || two.seconds < best->seconds)
            best = std::move(two);
        }
      if (!best)
        for (const Candidate &candidate : candidates)
          if (Candidate several = rounds.greedily(candidate); rounds.fits(several.tiling)) {
            several.seconds = open.secondsOf(several.tiling);
            if (!best || several.seconds < best->seconds)
              best = std::move(several);
          }
    }
    if (!best)
      best = rounds.greedily(preferred); // what does not fit is spilled
    settle(first, std::move(best->tiling));
  }

  /// Takes one of these classes alone over all engines where that is clearly faster in the end, with its rounds.
  void considerOthers(ArrayRef<int> numbers, const TemporalTiling &rounds, Candidate &best) const {
    for (int number : numbers) {
      Candidate alone;
      alone.tiling.cuts.push_back({number, limits.engines, 1});
      if (classes.extent(number) < limits.engines)
        continue;
      std::optional<Candidate> other = rounds.simply(alone);
      if (other && open.secondsOf(other->tiling) < leastShareOfOther * open.secondsOf(best.tiling))
        best = std::move(*other);
    }
  }

  /// Every way to give all engines a part of one of these classes, or of two.
  void addFactorings(ArrayRef<int> numbers, std::vector<Candidate> &candidates) const {
    for (int64_t a = limits.engines; a >= 1; --a) {
      if (limits.engines % a != 0)
        continue;
      int64_t b = limits.engines / a;
      for (int outer : numbers)
        for (int inner : numbers) {
          // One class alone: the other one does not matter.
          if (outer == inner || a == 1 ||
              (b == 1 && inner != (outer == numbers.front() ? numbers.back() : numbers.front())))
            continue;
          if (classes.extent(outer) < a || (b > 1 && classes.extent(inner) < b))
            continue;
          Tiling tiling;
          tiling.cuts.push_back({outer, a, 1});
          if (b > 1)
            tiling.cuts.push_back({inner, b, 1});
          candidates.push_back({std::move(tiling), 0});
        }
    }
  }

  void settle(int first, Tiling tiling) {
    SmallVector<int, 4> numbers;
    for (const Cut &cut : tiling.cuts)
      numbers.push_back(cut.number);
    open.forEach(numbers.empty() ? ArrayRef(first) : ArrayRef(numbers),
                 [&](const OperationCost &cost) { open.take(cost); });
    open.take(first);
    if (numbers.empty())
      return;
    SmallVector<Operation *> inPieces;
    for (int number : numbers)
      if (!classes.canBeCut(number))
        open.forEach(number, [&](const OperationCost &cost) {
          if (canCutSummed(cost.op))
            inPieces.push_back(cost.op);
        });
    partition.add(std::move(tiling), inPieces);
  }

  const DimensionClasses &classes;
  const TilingLimits &limits;
  TilingProblem open;
  Partition partition;
  std::vector<int64_t> strides;
};

} // namespace

Partition selectTiling(func::FuncOp kernel, const DimensionClasses &classes, const Target &target,
                       const TilingLimits &limits) {
  return Chooser(kernel, classes, target, limits).run();
}

} // namespace rblnc::plan
