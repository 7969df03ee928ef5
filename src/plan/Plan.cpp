#include "rblnc/plan/Plan.h"

#include "Pipeline.h"
#include "PlanKernel.h"

#include "rblnc/triton/Location.h"

#include "mlir/IR/Verifier.h"

using namespace mlir;

namespace rblnc {

FailureOr<OwningOpRef<ModuleOp>> planForTarget(ModuleOp rblnIR, const Target &target, const PlanOptions &options,
                                               Diagnostics &diagnostics, const PlanObserver &observer) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(rblnIR.getLoc());
  OwningOpRef<ModuleOp> expanded(rblnIR.clone());
  for (auto kernel : expanded->getOps<func::FuncOp>()) {
    plan::Planning planning{kernel, target, diagnostics};
    for (const plan::Pass &pass : plan::kernelPasses())
      if (failed(plan::runPass(pass, planning, observer)))
        return failure();
    OwningOpRef<npu::ProgramOp> program = plan::planKernel(kernel, target, options, diagnostics, observer);
    if (!program)
      return failure();
    planning.program = *program;
    if (failed(plan::runPass(plan::synchronizePass(), planning, observer)))
      return failure();
    module->push_back(program.release());
  }
  if (failed(verify(*module))) {
    diagnostics.report(Code::X001, "the planned commands do not verify", framesOf(rblnIR.getLoc()));
    return failure();
  }
  return module;
}

} // namespace rblnc
