// Cuts are chosen by what they make of an estimate of the time, among those that fit by an estimate of the memory.
#include "SelectTiling.h"

#include "SpatialTiling.h"
#include "TemporalTiling.h"
#include "tuning/Tuning.h"

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
      : classes(classes), limits(limits), open(kernel, classes, target, limits),
        strides(leastStrides(kernel, classes)) {}

  /// The tilings of the whole kernel; the first one as it is given, if there is one.
  std::vector<Tiling> run(const Tiling *given = nullptr) {
    main = given;
    for (auto [number, work] : classesByWork())
      while (open.isOpen(number) && !wasStopped())
        choose(farthestApart(number, work), work);
    return std::move(tilings);
  }

  /// Other tilings of the operations that are cut first, those that fit, the best by the estimate first.
  std::vector<Candidate> others() const {
    auto byWork = classesByWork();
    if (byWork.empty())
      return {};
    auto [number, work] = byWork.front();
    SmallVector<int, 6> numbers = neighbours(farthestApart(number, work), 0);
    TemporalTiling rounds(open, numbers);
    size_t operations = 1;
    open.forEach(rounds.scope(), [&](const OperationCost &) { ++operations; });
    size_t estimates = tuning::searchedEstimates / operations;
    std::vector<Candidate> spatial = overEngines(numbers, rounds), found;
    if (spatial.size() > estimates)
      return {};
    estimates -= spatial.size();
    auto byTime = [](const Candidate &a, const Candidate &b) { return a.seconds < b.seconds; };
    llvm::stable_sort(spatial, byTime);
    if (spatial.size() > tuning::searchedSpatialTilings)
      spatial.resize(tuning::searchedSpatialTilings);
    for (Candidate &candidate : spatial) {
      std::vector<Tiling> several = rounds.ofOneClass(candidate.tiling);
      if (wasStopped() || several.size() > estimates)
        break;
      estimates -= several.size();
      for (Tiling &tiling : several)
        found.push_back({tiling, rounds.secondsOf(tiling)});
      if (rounds.fits(candidate.tiling))
        found.push_back(std::move(candidate));
    }
    llvm::stable_sort(found, byTime);
    return found;
  }

private:
  /// The classes that are worth a cut, with the work of their operations; the most work first.
  std::vector<std::pair<int, double>> classesByWork() const {
    double leastGain = limits.split == Split::most || limits.rounds > 0 ? 0 : tuning::leastGainSeconds;
    std::vector<std::pair<int, double>> result;
    for (int number = 0; number < classes.count(); ++number)
      if (double work = workOf(number); classes.canBeTiled(number) && work > leastGain)
        result.push_back({number, work});
    llvm::stable_sort(result, [](auto a, auto b) { return a.second > b.second; });
    return result;
  }

  double workOf(int number) const {
    double work = 0;
    open.forEach(number, [&](const OperationCost &cost) { work += cost.seconds(); });
    return work;
  }

  /// Of about the same work, the class whose parts lie furthest apart in memory: they are moved in long tiles.
  int farthestApart(int number, double work) const {
    int first = number;
    for (int other : neighbours(number, 0))
      if (workOf(other) >= tuning::nearlyAll * work && strides[other] > strides[first])
        first = other;
    return first;
  }

  /// Every way to lay one of these classes, or two of them, over engines, with its estimate.
  std::vector<Candidate> overEngines(ArrayRef<int> numbers, const TemporalTiling &rounds) const {
    std::vector<Candidate> found;
    auto partsOf = [&](int number, int64_t most) {
      SmallVector<int64_t, 16> parts;
      int64_t extent = classes.extent(number);
      for (int64_t part = 2; part <= std::min(extent, most); ++part)
        if (llvm::divideCeil(extent, llvm::divideCeil(extent, part)) == static_cast<uint64_t>(part))
          parts.push_back(part);
      return parts;
    };
    auto add = [&](Tiling tiling) { found.push_back({tiling, rounds.secondsOf(tiling)}); };
    add({});
    for (auto [i, outer] : llvm::enumerate(numbers))
      for (int64_t a : partsOf(outer, limits.engines)) {
        add({{{outer, a, 1}}});
        for (int inner : numbers.drop_front(i + 1))
          for (int64_t b : partsOf(inner, limits.engines / a))
            add({{{outer, a, 1}, {inner, b, 1}}});
      }
    return found;
  }

  /// The classes that can be cut and run through more than this work of the operations that have `first`, which is the
  /// first of them.
  SmallVector<int, 6> neighbours(int first, double work) const {
    std::map<int, double> shared;
    open.forEach(first, [&](const OperationCost &cost) {
      for (int number : cost.classes)
        if (number != first && classes.canBeTiled(number) && open.isOpen(number))
          shared[number] += cost.seconds();
    });
    SmallVector<int, 6> numbers;
    for (auto [number, seconds] : shared)
      if (seconds > work)
        numbers.push_back(number);
    llvm::stable_sort(numbers, [&](int a, int b) { return shared[a] > shared[b]; });
    numbers.insert(numbers.begin(), first);
    if (numbers.size() > tuning::mostClasses)
      numbers.truncate(tuning::mostClasses);
    return numbers;
  }

  /// Settles the operations that have a class: how they are cut, or that they are not.
  void choose(int first, double work) {
    if (main) {
      settle(first, *main);
      main = nullptr;
      return;
    }
    SmallVector<int, 6> numbers = neighbours(first, tuning::leastShare * work);
    int second = numbers.size() > 1 ? numbers[1] : DimensionClasses::none;
    TemporalTiling rounds(open, neighbours(first, 0));
    Candidate preferred = spatialTiling(open, first, second, rounds.scope());
    std::optional<Candidate> best = rounds.simply(preferred);
    if (best && limits.split == Split::automatic && limits.rounds == 0)
      considerOthers(numbers, rounds, *best);
    // So many rounds of one class are small tiles: fewer of two classes may be faster.
    bool isFine = best && limits.rounds == 0 && best->tiling.rounds() > tuning::mostOuterRounds;
    if (isFine)
      best->seconds = rounds.secondsOf(best->tiling);
    if (!best || isFine) {
      // TiledClass over the engines in another way, what they share may fit.
      std::vector<Candidate> candidates{preferred};
      if (limits.split == Split::automatic)
        addFactorings(numbers, candidates);
      for (const Candidate &candidate : candidates)
        for (Candidate &two : rounds.ofTwoClasses(candidate)) {
          two.seconds = rounds.secondsOf(two.tiling);
          if (!best || two.seconds < best->seconds)
            best = std::move(two);
        }
      if (!best)
        for (const Candidate &candidate : candidates)
          if (Candidate several = rounds.greedily(candidate); rounds.fits(several.tiling)) {
            several.seconds = rounds.secondsOf(several.tiling);
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
      alone.tiling.classes.push_back({number, limits.engines, 1});
      if (classes.extent(number) < limits.engines)
        continue;
      std::optional<Candidate> other = rounds.simply(alone);
      if (other && rounds.secondsOf(other->tiling) < tuning::leastShareOfOther * rounds.secondsOf(best.tiling))
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
          tiling.classes.push_back({outer, a, 1});
          if (b > 1)
            tiling.classes.push_back({inner, b, 1});
          candidates.push_back({std::move(tiling), 0});
        }
    }
  }

  void settle(int first, Tiling tiling) {
    SmallVector<int, 4> numbers;
    for (const TiledClass &tiled : tiling.classes)
      numbers.push_back(tiled.number);
    open.forEach(numbers.empty() ? ArrayRef(first) : ArrayRef(numbers),
                 [&](const OperationCost &cost) { open.take(cost); });
    open.take(first);
    if (numbers.empty())
      return;
    tilings.push_back(std::move(tiling));
  }

  const DimensionClasses &classes;
  const TilingLimits &limits;
  TilingProblem open;
  const Tiling *main = nullptr; ///< what is chosen first, if it is given
  std::vector<Tiling> tilings;
  std::vector<int64_t> strides;
};

} // namespace

std::vector<Tiling> selectTiling(func::FuncOp kernel, const DimensionClasses &classes, const Target &target,
                                 const TilingLimits &limits) {
  return Chooser(kernel, classes, target, limits).run();
}

Partition partitionOf(func::FuncOp kernel, const DimensionClasses &classes, ArrayRef<Tiling> tilings) {
  Partition partition(classes);
  for (const Tiling &tiling : tilings) {
    SmallVector<Operation *> inTiles;
    kernel.walk([&](Operation *op) {
      auto present = classes.classesOf(op);
      bool isSummed = llvm::any_of(tiling.classes, [&](const TiledClass &tiled) {
        return !classes.canBeTiled(tiled.number) && llvm::is_contained(present, tiled.number);
      });
      if (isSummed && canTileSummed(op))
        inTiles.push_back(op);
    });
    partition.add(tiling, inTiles);
  }
  return partition;
}

std::vector<std::vector<Tiling>> otherTilings(func::FuncOp kernel, const DimensionClasses &classes,
                                              const Target &target, const TilingLimits &limits, size_t most) {
  std::vector<Candidate> candidates = Chooser(kernel, classes, target, limits).others();
  std::vector<std::vector<Tiling>> result;
  for (const Candidate &candidate : candidates) {
    if (result.size() == most || wasStopped() ||
        candidate.seconds > tuning::searchedEstimate * candidates.front().seconds)
      break;
    result.push_back(Chooser(kernel, classes, target, limits).run(&candidate.tiling));
  }
  return result;
}

} // namespace rblnc::plan
