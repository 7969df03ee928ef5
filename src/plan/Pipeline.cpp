#include "Pipeline.h"

#include "allocate/Allocate.h"
#include "rewrite/Canonicalize.h"
#include "rewrite/Expand.h"
#include "rewrite/LoadWindows.h"
#include "rewrite/NarrowStores.h"
#include "rewrite/StoreWindows.h"
#include "rewrite/Verify.h"
#include "schedule/ModelledTime.h"
#include "schedule/Passes.h"
#include "select/Commands.h"
#include "tiling/SelectTiling.h"
#include "tiling/TileKernel.h"

#include "rblnc/support/Watch.h"
#include "rblnc/triton/Location.h"

#include "mlir/IR/Verifier.h"

#include <chrono>

using namespace mlir;

namespace rblnc {
namespace plan {

static FailureOr<int64_t> verifyKernel(Planning &p) {
  if (failed(verifyPlannable(p.kernel, p.diagnostics)))
    return failure();
  return 0;
}

static FailureOr<int64_t> selectTiles(Planning &p) {
  duplicateSplats(p.kernel);
  if (!p.tilings)
    p.tilings = selectTiling(p.kernel, DimensionClasses(p.kernel), p.target, p.limits);
  if (failed(tileKernel(p.kernel, p.target, *p.tilings)))
    return failure();
  return static_cast<int64_t>(p.tilings->size());
}

static FailureOr<int64_t> chooseProgram(Planning &p) {
  OpBuilder builder(p.kernel.getContext());
  FailureOr<npu::ProgramOp> program = chooseCommands(p.kernel, p.target, builder, p.diagnostics);
  if (failed(program))
    return failure();
  p.program = *program;
  return static_cast<int64_t>(countCommands(p.program));
}

static FailureOr<int64_t> allocateBuffers(Planning &p) {
  FailureOr<int64_t> spilled = allocate(p.program, p.target, p.diagnostics);
  if (succeeded(spilled))
    p.spilledBytes = *spilled;
  return spilled;
}

using Counted = FailureOr<int64_t>;

static constexpr Pass overKernel[] = {
    {"verify-kernel", PassLevel::kernel, "", verifyKernel},
    {"canonicalize", PassLevel::kernel, "constants and clips",
     [](Planning &p) -> Counted { return canonicalize(p.kernel); }},
    {"load-windows", PassLevel::kernel, "windows", [](Planning &p) -> Counted { return loadWindows(p.kernel); }},
    {"narrow-stores", PassLevel::kernel, "stores", [](Planning &p) -> Counted { return narrowStores(p.kernel); }},
    {"expand", PassLevel::kernel, "operations",
     [](Planning &p) -> Counted { return expandSpecialised(p.kernel, p.diagnostics); }},
};

static constexpr Pass split = {"split", PassLevel::kernel, "tilings", selectTiles};

static constexpr Pass overCommands[] = {
    {"store-windows", PassLevel::kernel, "slices", [](Planning &p) -> Counted { return storeWindows(p.kernel); }},
    {"choose-commands", PassLevel::selection, "commands", chooseProgram},
    {"keep-small-arrays", PassLevel::program, "arrays",
     [](Planning &p) -> Counted { return keepSmallArrays(p.program); }},
    {"split-branches", PassLevel::program, "branches", [](Planning &p) -> Counted { return splitBranches(p.program); }},
    {"hoist-commands", PassLevel::program, "commands",
     [](Planning &p) -> Counted { return hoistCommands(p.program, p.target); }},
    {"stagger-loads", PassLevel::program, "loads",
     [](Planning &p) -> Counted { return staggerLoads(p.program, p.target); }},
    {"stage-ahead", PassLevel::program, "loads", [](Planning &p) -> Counted { return stageAhead(p.program); }},
    {"allocate", PassLevel::program, "bytes spilled", allocateBuffers},
};

static constexpr Pass last = {"synchronize", PassLevel::program, "signals and waits",
                              [](Planning &p) -> Counted { return synchronize(p.program); }};

ArrayRef<Pass> kernelPasses() { return overKernel; }
const Pass &tilingPass() { return split; }
ArrayRef<Pass> commandPasses() { return overCommands; }
const Pass &synchronizePass() { return last; }

const Pass *findPass(std::string_view name) {
  for (ArrayRef<Pass> passes : {kernelPasses(), ArrayRef(split), commandPasses(), ArrayRef(last)})
    for (const Pass &pass : passes)
      if (pass.name == name)
        return &pass;
  return nullptr;
}

/// Reports RBLN-X001 where a pass leaves IR that does not verify. Builds with assertions look after every pass.
static LogicalResult verifyAfter(const Pass &pass, Operation *ir, Diagnostics &diagnostics) {
#ifndef NDEBUG
  if (failed(verify(ir))) {
    diagnostics.report(Code::X001, "the pass '" + std::string(pass.name) + "' left IR that does not verify",
                       framesOf(ir->getLoc()));
    return failure();
  }
#endif
  return success();
}

LogicalResult runPass(const Pass &pass, Planning &planning, const PlanObserver &observer) {
  // What stopped half-way is nothing to go on from.
  if (wasStopped())
    return failure();
  auto start = std::chrono::steady_clock::now();
  FailureOr<int64_t> result = pass.run(planning);
  double milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  Operation *ir = planning.program ? planning.program : planning.kernel;
  if (observer)
    observer({pass.name, milliseconds, succeeded(result), ir, succeeded(result) ? *result : 0, pass.counts});
  if (failed(result))
    return failure();
  return verifyAfter(pass, ir, planning.diagnostics);
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
