#include "rblnc/plan/Plan.h"

#include "Accept.h"
#include "Expand.h"
#include "LoadWindows.h"
#include "NarrowStores.h"
#include "Passes.h"
#include "PlanKernel.h"

#include "rblnc/triton/Location.h"

#include "mlir/IR/Verifier.h"

using namespace mlir;

namespace rblnc {

FailureOr<OwningOpRef<ModuleOp>> planForTarget(ModuleOp rblnIR, const Target &target, const PlanOptions &options,
                                               Diagnostics &diagnostics) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(rblnIR.getLoc());
  OwningOpRef<ModuleOp> expanded(rblnIR.clone());
  for (auto kernel : expanded->getOps<func::FuncOp>()) {
    if (failed(plan::acceptKernel(kernel, diagnostics)))
      return failure();
    plan::loadWindows(kernel);
    plan::narrowStores(kernel);
    if (failed(plan::expandSpecialised(kernel, diagnostics)))
      return failure();
    OwningOpRef<npu::ProgramOp> program = plan::planKernel(kernel, target, options, diagnostics);
    if (!program)
      return failure();
    plan::synchronize(*program);
    module->push_back(program.release());
  }
  if (failed(verify(*module))) {
    diagnostics.report(Code::X001, "the planned commands do not verify", framesOf(rblnIR.getLoc()));
    return failure();
  }
  return module;
}

} // namespace rblnc
