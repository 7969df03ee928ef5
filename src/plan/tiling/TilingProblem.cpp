// The estimate of a tiling's time.
#include "TilingProblem.h"
#include "tuning/Tuning.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir;

namespace rblnc::plan {

TilingProblem::TilingProblem(func::FuncOp kernel, const DimensionClasses &classes, const Target &target,
                             const TilingLimits &limits)
    : classes(classes), model(target), limits(limits), analysis(kernel, classes, target, model),
      byClass(classes.count()), isTaken(classes.count(), false) {
  for (const OperationCost &cost : analysis.costs())
    for (int number : cost.classes)
      byClass[number].push_back(&cost);
}

void TilingProblem::take(const OperationCost &cost) {
  for (int number : cost.classes)
    isTaken[number] = true;
}

void TilingProblem::forEach(ArrayRef<int> numbers, llvm::function_ref<void(const OperationCost &)> visit) const {
  for (size_t i = 0; i < numbers.size(); ++i)
    for (const OperationCost *cost : byClass[numbers[i]])
      if (llvm::none_of(numbers.take_front(i), [&](int number) { return cost->has(number); }))
        visit(*cost);
}

CostAnalysis::Window TilingProblem::windowOf(ArrayRef<int> numbers) const {
  CostAnalysis::Window window{SIZE_MAX, 0};
  for (int number : numbers) {
    window.first = std::min(window.first, byClass[number].front()->position);
    window.last = std::max(window.last, byClass[number].back()->position);
  }
  return window;
}

/// The part of an operation that one engine does in a round, and how often it is done.
TilingProblem::Share TilingProblem::shareOf(const OperationCost &cost, const Tiling &tiling) const {
  Share share;
  for (const TiledClass &tiled : tiling.classes) {
    bool isTiled = cost.has(tiled.number) && (classes.canBeTiled(tiled.number) || canTileSummed(cost.op));
    if (!isTiled) {
      share.copies *= static_cast<double>(tiled.spatial);
      continue;
    }
    // The largest part counts: 9 rows on 8 engines take as long as 16.
    int64_t extent = classes.extent(tiled.number);
    int64_t part = llvm::divideCeil(llvm::divideCeil(extent, tiled.spatial), tiled.temporal);
    share.work *= static_cast<double>(part) / static_cast<double>(extent);
    share.rounds *= static_cast<double>(tiled.temporal);
  }
  return share;
}

/// Seconds of the transfers of all engines that belong to one round.
double TilingProblem::transferSeconds(const OperationCost &cost, const Share &share) const {
  double moved = cost.loaded + cost.stored;
  if (moved == 0)
    return 0;
  double seconds = moved / share.rounds + model.transferSetupSeconds + 2 * model.synchronizationSeconds;
  if (cost.loaded == 0 || share.copies == 1)
    return seconds;
  // What several engines load comes from DRAM once, and from shared SRAM for each of them; where it is small, each
  // engine loads it from DRAM.
  double bytes = moved * model.dramBytesPerSecond;
  if (bytes * share.work < static_cast<double>(tuning::leastStagedBytes))
    return seconds + (share.copies - 1) * moved / share.rounds;
  return seconds + bytes / share.rounds * (share.copies + 1) / model.sharedBytesPerSecond + model.transferSetupSeconds;
}

double TilingProblem::secondsOf(const Tiling &tiling, ArrayRef<int> scope) const {
  double once = 0, load = 0, compute = 0, store = 0, branchTransfer = 0, branchCompute = 0;
  auto rounds = static_cast<double>(tiling.rounds());
  forEach(scope, [&](const OperationCost &cost) {
    Share share = shareOf(cost, tiling);
    double transfer = transferSeconds(cost, share);
    double work = cost.engine > 0 ? cost.engine * share.work + cost.setup : 0;
    if (!isa<func::FuncOp>(cost.op->getParentOp())) {
      branchTransfer += transfer * share.rounds;
      branchCompute += work * share.rounds;
    } else if (share.rounds == 1) {
      once += transfer + work;
    } else if (cost.loaded > 0) {
      load += transfer * share.rounds / rounds;
    } else if (cost.stored > 0) {
      store += transfer * share.rounds / rounds;
    } else {
      compute += work * share.rounds / rounds;
    }
  });
  // Loads and stores share the memory.
  double longest = std::max(load + store, compute);
  return once + load + compute + store + (rounds - 1) * longest + std::max(branchTransfer, branchCompute);
}

} // namespace rblnc::plan
