// Single passes of planning, for `rblnc opt --passes`.
#include "Pipeline.h"

#include "rblnc/triton/Location.h"

using namespace mlir;

namespace rblnc {
namespace {

LogicalResult refuse(const plan::Pass &pass, Operation *op, Diagnostics &diagnostics) {
  bool takesPrograms = pass.level == plan::PassLevel::program;
  diagnostics.report(Code::I054,
                     "the pass '" + std::string(pass.name) + "' takes " +
                         (takesPrograms ? "device commands" : "RBLN IR") + ", and '" +
                         op->getName().getStringRef().str() + "' is none",
                     framesOf(op->getLoc()),
                     takesPrograms ? "put choose-commands in front of it, or give a module of npu.program"
                                   : "give a module of RBLN IR: put lower in front of it for a kernel in Triton's IR");
  return failure();
}

/// Runs a pass on one operation of a module, whose program takes the place of its kernel once it has one.
LogicalResult runOn(Operation *op, const plan::Pass &pass, const Target &target, const PlanOptions &options,
                    Diagnostics &diagnostics, const PlanObserver &observer) {
  auto kernel = dyn_cast<func::FuncOp>(op);
  auto program = dyn_cast<npu::ProgramOp>(op);
  bool fits = pass.level == plan::PassLevel::program ? static_cast<bool>(program) : static_cast<bool>(kernel);
  if (!fits)
    return refuse(pass, op, diagnostics);
  plan::Planning planning{kernel, target, diagnostics, plan::TilingLimits::of(options, target)};
  planning.program = program;
  if (failed(plan::runPass(pass, planning, observer)))
    return failure();
  if (pass.level == plan::PassLevel::selection) {
    kernel->getBlock()->getOperations().insert(kernel->getIterator(), planning.program);
    kernel->erase();
  }
  return success();
}

} // namespace

LogicalResult runPlanPass(std::string_view name, ModuleOp module, const Target &target, const PlanOptions &options,
                          Diagnostics &diagnostics, const PlanObserver &observer) {
  const plan::Pass *pass = plan::findPass(name);
  assert(pass && "the name is one of planPasses()");
  for (Operation &op : llvm::make_early_inc_range(module.getOps()))
    if (failed(runOn(&op, *pass, target, options, diagnostics, observer)))
      return failure();
  return success();
}

} // namespace rblnc
