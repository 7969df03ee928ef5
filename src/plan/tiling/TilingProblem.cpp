// The estimate of a tiling's time.
#include "TilingProblem.h"

#include "rblnc/rbln/Dialect.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir;

namespace rblnc::plan {

TilingProblem::TilingProblem(func::FuncOp kernel, const DimensionClasses &classes, const Target &target,
                             const TilingLimits &limits)
    : classes(classes), target(target), limits(limits), analysis(kernel, classes, target), byClass(classes.count()),
      isTaken(classes.count(), false) {
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

/// What an operation costs beyond its work. Several element-wise operations are one command.
static double commandSeconds(Operation *op, const Target &target) {
  auto generic = dyn_cast<linalg::GenericOp>(op);
  bool isProduct = generic && generic.getNumReductionLoops() > 0;
  return isProduct ? target.matmulSetupSeconds + target.syncSeconds : target.vectorSetupSeconds / 4;
}

double TilingProblem::secondsOf(const Tiling &tiling) const {
  double once = 0, load = 0, compute = 0, store = 0, branchTransfer = 0, branchCompute = 0;
  auto engines = static_cast<double>(tiling.engines()), rounds = static_cast<double>(tiling.rounds());
  SmallVector<int, 4> numbers;
  for (const Cut &cut : tiling.cuts)
    numbers.push_back(cut.number);
  forEach(numbers, [&](const OperationCost &cost) {
    double share = 1;             // of the operation's work, that one engine does in a round
    double parts = 1, copies = 1; // in which it is done, and engines that do the same
    for (const Cut &cut : tiling.cuts) {
      bool isCut = cost.has(cut.number) && (classes.canBeCut(cut.number) || canCutSummed(cost.op));
      if (!isCut) {
        copies *= static_cast<double>(cut.engines);
        continue;
      }
      share /= static_cast<double>(cut.engines * cut.rounds);
      parts *= static_cast<double>(cut.rounds);
    }
    double transfer = 0;
    if (double moved = cost.loaded + cost.stored; moved > 0) {
      // What several engines load comes from DRAM once, and from shared SRAM for each of them.
      double bytes = moved * target.dramBytesPerSecond * share * engines / copies;
      transfer = bytes / target.dramBytesPerSecond + target.dmaSetupSeconds + 2 * target.syncSeconds;
      if (cost.loaded > 0 && copies > 1)
        transfer += bytes * (copies + 1) / target.sharedBytesPerSecond + target.dmaSetupSeconds;
    }
    double work = cost.engine * share;
    if (cost.engine > 0)
      work += commandSeconds(cost.op, target);
    if (!isa<func::FuncOp>(cost.op->getParentOp())) {
      branchTransfer += transfer * parts;
      branchCompute += work * parts;
    } else if (parts == 1) {
      once += transfer + work;
    } else if (cost.loaded > 0) {
      load += transfer * parts / rounds;
    } else if (cost.stored > 0) {
      store += transfer * parts / rounds;
    } else {
      compute += work * parts / rounds;
    }
  });
  // Loads and stores share the memory.
  double longest = std::max(load + store, compute);
  return once + load + compute + store + (rounds - 1) * longest + std::max(branchTransfer, branchCompute);
}

} // namespace rblnc::plan
