// The estimate of a grid's time.
#include "OpenWork.h"

#include "rblnc/rbln/Dialect.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir;

namespace rblnc::plan {

OpenWork::OpenWork(func::FuncOp kernel, const DimensionClasses &classes, const Target &target,
                   const SplitLimits &limits)
    : classes(classes), target(target), limits(limits), outline(kernel, classes, target),
      isTaken(classes.count(), false) {
  for (const OperationCost &cost : outline.costs())
    operations.push_back(&cost);
}

/// What an operation costs beyond its work. Several element-wise operations are one command.
static double commandSeconds(Operation *op, const Target &target) {
  auto generic = dyn_cast<linalg::GenericOp>(op);
  bool isProduct = generic && generic.getNumReductionLoops() > 0;
  return isProduct ? target.matmulSetupSeconds + target.syncSeconds : target.vectorSetupSeconds / 4;
}

double OpenWork::secondsOf(const Grid &grid) const {
  double once = 0, load = 0, compute = 0, store = 0, branchTransfer = 0, branchCompute = 0;
  auto engines = static_cast<double>(grid.engines()), rounds = static_cast<double>(grid.rounds());
  for (const OperationCost *cost : operations) {
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
      work += commandSeconds(cost->op, target);
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

} // namespace rblnc::plan
