#include "PlanKernel.h"

#include "Pipeline.h"

#include "rblnc/support/Watch.h"

#include <algorithm>
#include <optional>

using namespace mlir;

namespace rblnc::plan {
namespace {

/// Shares of the scratchpad that an engine's values may take by the estimate, tried one after the other. The estimate
/// knows neither what packing costs nor how far loads run ahead.
constexpr double shares[] = {1, 0.75, 0.55, 0.4, 0.3, 0.2};

struct Attempt {
  OwningOpRef<npu::ProgramOp> program; ///< null after an error
  int64_t spilledBytes = 0;
  std::vector<Tiling> tilings;
  Diagnostics diagnostics;

  bool isBetterThan(const Attempt &other) const {
    return program && (!other.program || spilledBytes < other.spilledBytes);
  }
};

Attempt attempt(func::FuncOp kernel, const Target &target, const TilingLimits &limits, const Attempt *last,
                const PlanObserver &observer) {
  Attempt result;
  OwningOpRef<func::FuncOp> copy(kernel.clone());
  Planning planning{*copy, target, result.diagnostics, limits};
  if (failed(runPass(tilingPass(), planning, observer)))
    return result;
  result.tilings = std::move(planning.tilings);
  if (last && last->tilings == result.tilings)
    return result; // as before
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

} // namespace

OwningOpRef<npu::ProgramOp> planKernel(func::FuncOp kernel, const Target &target, const PlanOptions &options,
                                       Diagnostics &diagnostics, const PlanObserver &observer) {
  TilingLimits limits = TilingLimits::of(options, target);
  std::optional<Attempt> best, last;
  for (double share : shares) {
    limits.scratchpadBytes = static_cast<int64_t>(static_cast<double>(target.scratchpadBytes) * share);
    Attempt next = attempt(kernel, target, limits, last ? &*last : nullptr, observer);
    last.emplace();
    last->tilings = next.tilings;
    if (!best || next.isBetterThan(*best))
      best = std::move(next);
    // A command that cannot be chosen is none with other cuts either.
    bool canFit = best->program || llvm::all_of(best->diagnostics.all(), [](const Diagnostic &diagnostic) {
                    return diagnostic.code == Code::P001;
                  });
    if (wasStopped() || !canFit || (best->program && best->spilledBytes == 0))
      break;
  }
  for (const Diagnostic &diagnostic : best->diagnostics.all())
    diagnostics.report(diagnostic);
  return std::move(best->program);
}

} // namespace rblnc::plan
