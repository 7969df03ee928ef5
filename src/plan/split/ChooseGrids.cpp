// Cuts are chosen by what they make of an estimate of the time, among those that fit by an estimate of the memory.
#include "ChooseGrids.h"

#include "Outline.h"

#include "rblnc/rbln/Dialect.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <limits>
#include <optional>

using namespace mlir;

namespace rblnc::plan {
namespace {

/// What a split must save: less is not worth the commands.
constexpr double leastGainSeconds = 5e-7;
/// Rounds must gain this share of the time as well.
constexpr double leastGainOfRounds = 0.02;
/// A second class must be in this share of the first one's work.
constexpr double leastShare = 0.5;
/// Work that counts as the same.
constexpr double nearlyAll = 0.9;
/// Outer rounds are tried out up to this many.
constexpr int64_t mostOuterRounds = 16;
/// More rounds than this are commands without end.
constexpr int64_t mostRounds = 1024;
/// Sums are rounded together in chunks of this many products, which stay in one piece.
constexpr int64_t sumChunk = 64;
/// Other classes for the engines than those that share least must take this share of the time, or less.
constexpr double leastShareOfOther = 0.75;
/// An excess that counts as the least.
constexpr double nearlyLeast = 1.1;
/// Classes that are tried out for other grids, and for rounds.
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
  Chooser(func::FuncOp kernel, const DimensionClasses &classes, const Target &target, const SplitLimits &limits)
      : kernel(kernel), classes(classes), target(target), limits(limits), outline(kernel, classes, target),
        partition(classes), strides(leastStrides(kernel, classes)), isTaken(classes.count(), false) {
    for (const OperationCost &cost : outline.costs())
      open.push_back(&cost);
  }

  Partition run() {
    double leastGain = limits.split == Split::most || limits.rounds > 0 ? 0 : leastGainSeconds;
    for (;;) {
      std::vector<double> work = workOf([](const OperationCost &) { return true; });
      auto most = std::max_element(work.begin(), work.end());
      if (most == work.end() || *most <= leastGain)
        return std::move(partition);
      // Of about the same work, the class whose parts lie furthest apart in memory: they are moved in long pieces.
      int first = static_cast<int>(most - work.begin());
      for (int number = 0; number < classes.count(); ++number)
        if (work[number] >= nearlyAll * *most && strides[number] > strides[first])
          first = number;
      choose(first, work[first]);
    }
  }

private:
  struct Candidate {
    Grid grid;
    double seconds = 0;
  };

  template <typename F> std::vector<double> workOf(F counts) const {
    std::vector<double> work(classes.count(), 0);
    for (const OperationCost *cost : open)
      if (counts(*cost))
        for (int number : cost->classes)
          if (classes.canBeCut(number) && !isTaken[number])
            work[number] += cost->seconds();
    return work;
  }

  /// The classes that can be cut and run through more than this work of the operations that have `first`, which is the
  /// first of them.
  SmallVector<int, 6> neighbours(int first, double work) const {
    std::vector<double> shared = workOf([&](const OperationCost &cost) { return cost.has(first); });
    SmallVector<int, 6> numbers;
    for (int number = 0; number < classes.count(); ++number)
      if (number != first && shared[number] > work)
        numbers.push_back(number);
    llvm::stable_sort(numbers, [&](int a, int b) { return shared[a] > shared[b]; });
    numbers.insert(numbers.begin(), first);
    if (numbers.size() > mostClasses)
      numbers.truncate(mostClasses);
    return numbers;
  }

  /// Settles the operations that have a class: how they are cut, or that they are not.
  void choose(int first, double work) {
    SmallVector<int, 6> numbers = neighbours(first, leastShare * work), inner = neighbours(first, 0);
    int second = numbers.size() > 1 ? numbers[1] : DimensionClasses::none;
    Candidate preferred = overEngines(first, second);
    std::optional<Candidate> best = simply(preferred, inner);
    if (best && limits.split == Split::automatic && limits.rounds == 0)
      considerOthers(numbers, inner, *best);
    if (!best) {
      // Cut over the engines in another way, what they share may fit.
      std::vector<Candidate> candidates{preferred};
      if (limits.split == Split::automatic)
        addFactorings(numbers, candidates);
      for (const Candidate &candidate : candidates)
        for (Candidate &rounds : inRounds(candidate, inner)) {
          rounds.seconds = secondsOf(rounds.grid);
          if (!best || rounds.seconds < best->seconds)
            best = std::move(rounds);
        }
      if (!best)
        for (const Candidate &candidate : candidates)
          if (Candidate several = greedily(candidate, inner); fits(several.grid)) {
            several.seconds = secondsOf(several.grid);
            if (!best || several.seconds < best->seconds)
              best = std::move(several);
          }
    }
    if (!best)
      best = greedily(preferred, inner); // what does not fit is spilled
    settle(first, std::move(best->grid));
  }

  /// Takes one of these classes alone over all engines where that is clearly faster in the end, with its rounds.
  void considerOthers(ArrayRef<int> numbers, ArrayRef<int> inner, Candidate &best) const {
    for (int number : numbers) {
      Candidate alone;
      alone.grid.cuts.push_back({number, limits.engines, 1});
      if (classes.extent(number) < limits.engines)
        continue;
      std::optional<Candidate> other = simply(alone, inner);
      if (other && secondsOf(other->grid) < leastShareOfOther * secondsOf(best.grid))
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
          Grid grid;
          grid.cuts.push_back({outer, a, 1});
          if (b > 1)
            grid.cuts.push_back({inner, b, 1});
          candidates.push_back({std::move(grid), 0});
        }
    }
  }

  void settle(int first, Grid grid) {
    bool isCut = !grid.cuts.empty();
    auto belongs = [&](const OperationCost *cost) {
      return isCut ? llvm::any_of(grid.cuts, [&](const Cut &cut) { return cost->has(cut.number); }) : cost->has(first);
    };
    for (const OperationCost *cost : open)
      if (belongs(cost))
        for (int number : cost->classes)
          isTaken[number] = true;
    llvm::erase_if(open, belongs);
    isTaken[first] = true;
    if (!isCut)
      return;
    SmallVector<Operation *> inPieces;
    for (const Cut &cut : grid.cuts)
      if (!classes.canBeCut(cut.number))
        kernel.walk([&](Operation *op) {
          if (!isa<func::FuncOp>(op) && canCutSummed(op) && llvm::is_contained(classes.classesOf(op), cut.number))
            inPieces.push_back(op);
        });
    partition.add(std::move(grid), inPieces);
  }

  // ---- Over engines
  // --------------------------------------------------------------------------------------------------

  /// The parts of two classes that take the least time.
  Candidate overEngines(int first, int second) const {
    bool asManyAsPossible = limits.split == Split::most;
    // Seconds by which of the two classes an operation has (bit 0 and 1).
    double engine[4] = {}, loaded[4] = {}, stored[4] = {};
    for (const OperationCost *cost : open) {
      bool hasFirst = cost->has(first), hasSecond = second != DimensionClasses::none && cost->has(second);
      int bucket = (hasFirst ? 1 : 0) + (hasSecond ? 2 : 0);
      engine[bucket] += cost->engine;
      loaded[bucket] += cost->loaded;
      stored[bucket] += cost->stored;
    }
    int64_t extents[2] = {classes.extent(first), second == DimensionClasses::none ? 1 : classes.extent(second)};
    auto estimate = [&](int64_t a, int64_t b) {
      double piece[2] = {static_cast<double>(llvm::divideCeil(extents[0], a)) / static_cast<double>(extents[0]),
                         static_cast<double>(llvm::divideCeil(extents[1], b)) / static_cast<double>(extents[1])};
      double compute = 0, dram = 0, shared = 0;
      for (int bucket = 1; bucket < 4; ++bucket) {
        compute += engine[bucket] * (bucket & 1 ? piece[0] : 1) * (bucket & 2 ? piece[1] : 1);
        // What several engines need is read from DRAM once, and by each of them from shared SRAM.
        double copies = static_cast<double>((bucket & 1 ? 1 : a) * (bucket & 2 ? 1 : b));
        dram += loaded[bucket] + stored[bucket];
        if (copies > 1)
          shared += loaded[bucket] * copies * target.dramBytesPerSecond / target.sharedBytesPerSecond;
      }
      return compute + dram + shared;
    };
    int64_t parts[2] = {1, 1};
    double least = estimate(1, 1), whole = least;
    // The second class is for engines that the first leaves without work.
    int64_t usable = std::min(extents[0], limits.engines);
    for (int64_t a = 1; a <= usable; ++a)
      for (int64_t b = 1; b <= std::min(extents[1], limits.engines / a); ++b) {
        if (b > 1 && a * b <= usable)
          continue;
        double seconds = estimate(a, b);
        bool isBetter =
            asManyAsPossible ? std::pair(parts[0] * parts[1], -least) < std::pair(a * b, -seconds) : seconds < least;
        if (!isBetter)
          continue;
        least = seconds;
        parts[0] = a;
        parts[1] = b;
      }
    Candidate candidate;
    candidate.seconds = least;
    if (limits.split == Split::none || (!asManyAsPossible && whole - least <= leastGainSeconds)) {
      candidate.seconds = whole;
      return candidate;
    }
    for (auto [number, extent, part] :
         {std::tuple(first, extents[0], parts[0]), std::tuple(second, extents[1], parts[1])}) {
      // As many parts as the pieces need: 9 rows in 8 parts are 5 parts of 2.
      int64_t count = llvm::divideCeil(extent, llvm::divideCeil(extent, part));
      if (count > 1)
        candidate.grid.cuts.push_back({number, count, 1});
    }
    return candidate;
  }

  // ---- In rounds
  // -----------------------------------------------------------------------------------------------------

  /// Rounds along what is summed are the innermost.
  Grid with(Grid grid, int number, int64_t rounds) const {
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
  SmallVector<int64_t, 12> roundsOf(const Grid &grid, int number) const {
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

  /// The summed classes of the grid's operations that can be cut.
  SmallVector<int, 4> summedClasses(ArrayRef<int> numbers) const {
    SmallVector<int, 4> result;
    for (const OperationCost *cost : open)
      if (llvm::any_of(numbers, [&](int number) { return cost->has(number); }))
        for (int number : cost->classes)
          if (!classes.canBeCut(number) && classes.canBeSummed(number) && !isTaken[number] &&
              !llvm::is_contained(result, number) && result.size() < mostClasses)
            result.push_back(number);
    return result;
  }

  double excessOf(const Grid &grid) const { return outline.excess(grid, limits.scratchpadBytes); }
  bool fits(const Grid &grid) const { return excessOf(grid) == 0; }

  /// The fewest rounds of a class with which the grid fits.
  std::optional<Grid> fewest(const Grid &grid, int number) const {
    SmallVector<int64_t, 12> counts = roundsOf(grid, number);
    auto found = std::partition_point(counts.begin(), counts.end(),
                                      [&](int64_t rounds) { return !fits(with(grid, number, rounds)); });
    if (found == counts.end())
      return std::nullopt;
    return with(grid, number, *found);
  }

  /// The grid as it is when it fits, or in rounds of one class; with rounds that the user asks for, in these.
  std::optional<Candidate> simply(const Candidate &candidate, ArrayRef<int> numbers) const {
    if (limits.rounds > 0)
      return asAsked(candidate, numbers);
    if (fits(candidate.grid))
      return overlapping(candidate, numbers);
    for (int number : numbers)
      if (std::optional<Grid> grid = fewest(candidate.grid, number))
        return overlapping({*grid, candidate.seconds}, numbers);
    return std::nullopt;
  }

  /// The grid in rounds that fit, of up to two classes; the outer one's are few.
  std::vector<Candidate> inRounds(const Candidate &candidate, ArrayRef<int> numbers) const {
    std::vector<Candidate> found;
    auto add = [&](std::optional<Grid> grid) {
      if (grid)
        found.push_back({std::move(*grid), 0});
    };
    SmallVector<int, 12> all(numbers);
    all.append(summedClasses(numbers));
    for (int number : all)
      add(fewest(candidate.grid, number));
    for (int outer : numbers)
      for (int64_t rounds : roundsOf(candidate.grid, outer)) {
        if (rounds > mostOuterRounds)
          break;
        Grid grid = with(candidate.grid, outer, rounds);
        for (int number : all)
          if (number != outer)
            add(fewest(grid, number));
      }
    return found;
  }

  /// One class after the other is cut, each time the one that leaves the least excess, in as few rounds as come near
  /// that; until it fits, or nothing helps.
  Candidate greedily(const Candidate &candidate, ArrayRef<int> numbers) const {
    Candidate best = candidate;
    SmallVector<int, 12> all(numbers);
    all.append(summedClasses(numbers));
    for (size_t cuts = 0; cuts < mostClasses && !fits(best.grid); ++cuts) {
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

  std::optional<Candidate> asAsked(const Candidate &candidate, ArrayRef<int> numbers) const {
    Candidate best = candidate;
    SmallVector<int, 8> all(numbers);
    all.append(summedClasses(numbers));
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
  Candidate overlapping(const Candidate &candidate, ArrayRef<int> numbers) const {
    double least = secondsOf(candidate.grid);
    Candidate best = candidate;
    SmallVector<int, 12> all(numbers);
    all.append(summedClasses(numbers));
    for (int number : all)
      for (int64_t rounds : roundsOf(candidate.grid, number)) {
        Grid grid = with(candidate.grid, number, rounds);
        if (grid.rounds() <= candidate.grid.rounds())
          continue;
        double seconds = secondsOf(grid);
        bool isWorthIt = least - seconds > std::max(leastGainSeconds, leastGainOfRounds * least);
        if (!isWorthIt || !fits(grid))
          continue;
        least = seconds;
        best.grid = grid;
      }
    return best;
  }

  /// An estimate of the time of the grid's operations. A round's loads, computation and stores follow each other, and
  /// those of different rounds overlap; what stands in branches overlaps what stands in others.
  double secondsOf(const Grid &grid) const {
    double once = 0, load = 0, compute = 0, store = 0, branchTransfer = 0, branchCompute = 0;
    auto engines = static_cast<double>(grid.engines()), rounds = static_cast<double>(grid.rounds());
    for (const OperationCost *cost : open) {
      double share = 1;             // of the operation's work, that one engine does in a round
      double parts = 1, copies = 1; // in which it is done, and engines that do the same
      bool isOfGrid = false;
      for (const Cut &cut : grid.cuts) {
        bool isCut = cost->has(cut.number) && (classes.canBeCut(cut.number) || canCutSummed(cost->op));
        isOfGrid |= cost->has(cut.number);
        if (!isCut) {
          copies *= static_cast<double>(cut.engines);
          continue;
        }
        share /= static_cast<double>(cut.engines * cut.rounds);
        parts *= static_cast<double>(cut.rounds);
      }
      if (!isOfGrid)
        continue;
      double transfer = 0;
      if (double moved = cost->loaded + cost->stored; moved > 0) {
        // What several engines load comes from DRAM once, and from shared SRAM for each of them.
        double bytes = moved * target.dramBytesPerSecond * share * engines / copies;
        transfer = bytes / target.dramBytesPerSecond + target.dmaSetupSeconds + 2 * target.syncSeconds;
        if (cost->loaded > 0 && copies > 1)
          transfer += bytes * (copies + 1) / target.sharedBytesPerSecond + target.dmaSetupSeconds;
      }
      double work = cost->engine * share;
      if (cost->engine > 0)
        work += commandSeconds(cost->op);
      if (!isa<func::FuncOp>(cost->op->getParentOp())) {
        branchTransfer += transfer * parts;
        branchCompute += work * parts;
      } else if (parts == 1) {
        once += transfer + work;
      } else if (cost->loaded > 0) {
        load += transfer * parts / rounds;
      } else if (cost->stored > 0) {
        store += transfer * parts / rounds;
      } else {
        compute += work * parts / rounds;
      }
    }
    // Loads and stores share the memory.
    double longest = std::max(load + store, compute);
    return once + load + compute + store + (rounds - 1) * longest + std::max(branchTransfer, branchCompute);
  }

  /// What an operation costs beyond its work. Several element-wise operations are one command.
  double commandSeconds(Operation *op) const {
    auto generic = dyn_cast<linalg::GenericOp>(op);
    bool isProduct = generic && generic.getNumReductionLoops() > 0;
    return isProduct ? target.matmulSetupSeconds + target.syncSeconds : target.vectorSetupSeconds / 4;
  }

  func::FuncOp kernel;
  const DimensionClasses &classes;
  const Target &target;
  const SplitLimits &limits;
  Outline outline;
  Partition partition;
  std::vector<int64_t> strides;
  std::vector<const OperationCost *> open;
  std::vector<bool> isTaken; // in an operation of an earlier grid
};

} // namespace

Partition chooseGrids(func::FuncOp kernel, const DimensionClasses &classes, const Target &target,
                      const SplitLimits &limits) {
  return Chooser(kernel, classes, target, limits).run();
}

} // namespace rblnc::plan
