#include "Pipeline.h"

#include "allocate/Allocate.h"
#include "rewrite/Accept.h"
#include "rewrite/Expand.h"
#include "rewrite/LoadWindows.h"
#include "rewrite/NarrowStores.h"
#include "rewrite/StoreWindows.h"
#include "schedule/Passes.h"
#include "select/Commands.h"
#include "tiling/TileKernel.h"

#include "rblnc/support/Watch.h"

#include <chrono>

using namespace mlir;

namespace rblnc {
namespace plan {

/// The body of a pass that cannot fail.
#define ALWAYS(...)                                                                                                    \
  [](Planning &p) -> LogicalResult {                                                                                   \
    __VA_ARGS__;                                                                                                       \
    return success();                                                                                                  \
  }

static constexpr Pass overKernel[] = {
    {"accept", [](Planning &p) { return acceptKernel(p.kernel, p.diagnostics); }},
    {"load-windows", ALWAYS(loadWindows(p.kernel))},
    {"narrow-stores", ALWAYS(narrowStores(p.kernel))},
    {"expand", [](Planning &p) { return expandSpecialised(p.kernel, p.diagnostics); }},
};

static constexpr Pass split = {"split", ALWAYS(p.tilings = tileKernel(p.kernel, p.target, p.limits))};

static LogicalResult chooseProgram(Planning &p) {
  OpBuilder builder(p.kernel.getContext());
  FailureOr<npu::ProgramOp> program = chooseCommands(p.kernel, p.target, builder, p.diagnostics);
  if (succeeded(program))
    p.program = *program;
  return program;
}

static constexpr Pass overCommands[] = {
    {"store-windows", ALWAYS(storeWindows(p.kernel))},
    {"choose-commands", chooseProgram},
    {"keep-small-arrays", ALWAYS(keepSmallArrays(p.program))},
    {"split-branches", ALWAYS(splitBranches(p.program))},
    {"hoist-commands", ALWAYS(hoistCommands(p.program, p.target))},
    {"stagger-loads", ALWAYS(staggerLoads(p.program, p.target))},
    {"stage-ahead", ALWAYS(stageAhead(p.program))},
    {"allocate", [](Planning &p) { return allocate(p.program, p.target, p.diagnostics); }},
};

static constexpr Pass last = {"synchronize", ALWAYS(synchronize(p.program))};

#undef ALWAYS

ArrayRef<Pass> kernelPasses() { return overKernel; }
const Pass &tilingPass() { return split; }
ArrayRef<Pass> commandPasses() { return overCommands; }
const Pass &synchronizePass() { return last; }

LogicalResult runPass(const Pass &pass, Planning &planning, const PlanObserver &observer) {
  // What stopped half-way is nothing to go on from.
  if (wasStopped())
    return failure();
  if (!observer)
    return pass.run(planning);
  auto start = std::chrono::steady_clock::now();
  LogicalResult result = pass.run(planning);
  double milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  Operation *ir = planning.program ? planning.program : planning.kernel;
  observer({pass.name, milliseconds, succeeded(result), ir});
  return result;
}

} // namespace plan

std::span<const std::string_view> planPasses() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    auto add = [&](ArrayRef<plan::Pass> passes) {
      for (const plan::Pass &pass : passes)
        all.push_back(pass.name);
    };
    add(plan::kernelPasses());
    add(plan::tilingPass());
    add(plan::commandPasses());
    add(plan::synchronizePass());
    return all;
  }();
  return names;
}

} // namespace rblnc
