#include "PlanKernel.h"

#include "Pipeline.h"
#include "schedule/ModelledTime.h"
#include "schedule/Passes.h"
#include "tiling/SelectTiling.h"
#include "tiling/TileKernel.h"
#include "tuning/Tuning.h"

#include "rblnc/support/Watch.h"

#include <algorithm>
#include <optional>

using namespace mlir;

namespace rblnc::plan {
namespace {

using Tilings = std::vector<Tiling>;

struct Attempt {
  OwningOpRef<npu::ProgramOp> program; ///< null after an error
  int64_t spilledBytes = 0;
  Tilings tilings;
  Diagnostics diagnostics;

  bool spillsLessThan(const Attempt &other) const {
    return program && (!other.program || spilledBytes < other.spilledBytes);
  }
};

/// Plans of one kernel for one target, in different tilings.
class Planner {
public:
  Planner(func::FuncOp original, const Target &target, const PlanOptions &options)
      : kernel(original.clone()), target(target), model(target), limits(TilingLimits::of(options, target)) {
    duplicateSplats(*kernel);
    classes.emplace(*kernel);
  }

  Attempt attempt(Tilings tilings, const PlanObserver &observer = {}) const;
  /// The plan that the estimate prefers, cut finer as long as that helps against spilling.
  Attempt preferred();
  /// The one of these and of other plans that takes the least modelled time, as far as it is worth making them.
  Attempt bestOf(Attempt first) const;

private:
  double modelledSecondsOf(const Attempt &attempt) const {
    npu::ProgramOp source = attempt.program.get();
    OwningOpRef<npu::ProgramOp> program(source.clone());
    synchronize(*program);
    return modelledSeconds(*program, model);
  }

  OwningOpRef<func::FuncOp> kernel;
  const Target &target;
  CostModel model;
  std::optional<DimensionClasses> classes;
  TilingLimits limits;
};

Attempt Planner::attempt(Tilings tilings, const PlanObserver &observer) const {
  Attempt result;
  result.tilings = std::move(tilings);
  OwningOpRef<func::FuncOp> copy(func::FuncOp(kernel.get()).clone());
  Planning planning{*copy, target, result.diagnostics, limits, result.tilings};
  if (failed(runPass(tilingPass(), planning, observer)))
    return result;
  for (const Pass &pass : commandPasses()) {
    LogicalResult done = runPass(pass, planning, observer);
    if (!result.program)
      result.program = planning.program;
    if (failed(done)) {
      result.program = nullptr;
      return result;
    }
  }
  result.spilledBytes = planning.spilledBytes;
  return result;
}

Attempt Planner::preferred() {
  std::optional<Attempt> best;
  std::optional<Tilings> last;
  int64_t bytesOfBest = 0;
  for (double share : tuning::scratchpadShares) {
    limits.scratchpadBytes = static_cast<int64_t>(static_cast<double>(target.scratchpadBytes) * share);
    Tilings tilings = selectTiling(kernel.get(), *classes, target, limits);
    if (last == tilings)
      continue; // as before
    last = tilings;
    Attempt next = attempt(std::move(tilings));
    if (!best || next.spillsLessThan(*best)) {
      best = std::move(next);
      bytesOfBest = limits.scratchpadBytes;
    }
    // A command that cannot be chosen is none with other cuts either.
    bool canFit = best->program || llvm::all_of(best->diagnostics.all(), [](const Diagnostic &diagnostic) {
                    return diagnostic.code == Code::P001;
                  });
    if (wasStopped() || !canFit || (best->program && best->spilledBytes == 0))
      break;
  }
  limits.scratchpadBytes = bytesOfBest;
  return std::move(*best);
}

Attempt Planner::bestOf(Attempt first) const {
  // What the user decides about is not searched for.
  if (!first.program || limits.split != Split::automatic || limits.rounds > 0)
    return first;
  size_t commands = std::max<size_t>(1, countCommands(first.program.get()));
  size_t plans = std::min(tuning::searchedPlans, tuning::searchedCommands / commands);
  if (plans < 2)
    return first;
  std::vector<Tilings> others = otherTilings(kernel.get(), *classes, target, limits, plans);
  if (others.empty() || (others.size() == 1 && others.front() == first.tilings))
    return first;
  double least = tuning::leastImprovement * modelledSecondsOf(first);
  size_t budget = tuning::searchedCommands - std::min(commands, tuning::searchedCommands);
  Attempt best = std::move(first);
  const Tilings preferred = best.tilings;
  for (Tilings &tilings : others) {
    if (tilings == preferred || wasStopped())
      continue;
    Attempt next = attempt(std::move(tilings));
    if (!next.program || next.spilledBytes > best.spilledBytes)
      continue;
    if (double seconds = modelledSecondsOf(next); seconds < least) {
      least = seconds;
      best = std::move(next);
    }
    size_t spent = next.program ? countCommands(next.program.get()) : countCommands(best.program.get());
    if (spent > budget)
      break;
    budget -= spent;
  }
  return best;
}

} // namespace

OwningOpRef<npu::ProgramOp> planKernel(func::FuncOp kernel, const Target &target, const PlanOptions &options,
                                       Diagnostics &diagnostics, const PlanObserver &observer) {
  Planner planner(kernel, target, options);
  Attempt best = planner.bestOf(planner.preferred());
  // Who watches sees the passes of the plan that is taken, once.
  if (observer && !wasStopped())
    best = planner.attempt(std::move(best.tilings), observer);
  for (const Diagnostic &diagnostic : best.diagnostics.all())
    diagnostics.report(diagnostic);
  return std::move(best.program);
}

} // namespace rblnc::plan
