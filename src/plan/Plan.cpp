#include "rblnc/plan/Plan.h"

#include "Accept.h"
#include "Commands.h"
#include "Expand.h"
#include "NarrowStores.h"
#include "Passes.h"
#include "split/Split.h"

#include "rblnc/triton/Location.h"

#include "mlir/IR/Verifier.h"

using namespace mlir;

namespace rblnc {

FailureOr<OwningOpRef<ModuleOp>> planForTarget(ModuleOp rblnIR, const Target &target, const PlanOptions &options,
                                               Diagnostics &diagnostics) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(rblnIR.getLoc());
  OpBuilder builder = OpBuilder::atBlockEnd(module->getBody());
  OwningOpRef<ModuleOp> expanded(rblnIR.clone());
  for (auto kernel : expanded->getOps<func::FuncOp>()) {
    if (failed(plan::acceptKernel(kernel, diagnostics)))
      return failure();
    plan::narrowStores(kernel);
    if (failed(plan::expandSpecialised(kernel, diagnostics)))
      return failure();
    plan::splitOverEngines(kernel, target, options.split);
    FailureOr<npu::ProgramOp> program = plan::chooseCommands(kernel, target.name, builder, diagnostics);
    if (failed(program))
      return failure();
    plan::keepSmallArrays(*program);
    plan::hoistCommands(*program, target);
    plan::staggerLoads(*program, target);
    if (failed(plan::allocate(*program, target, diagnostics)))
      return failure();
    plan::synchronize(*program);
  }
  if (failed(verify(*module))) {
    diagnostics.report(Code::X001, "the planned commands do not verify", framesOf(rblnIR.getLoc()));
    return failure();
  }
  return module;
}

} // namespace rblnc
