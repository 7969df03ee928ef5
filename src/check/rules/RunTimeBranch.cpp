// RBLN-C003: branches that are taken while the kernel runs.
#include "rblnc/triton/Dialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {
namespace {

/// `if rblib.partition_skip(i) == False:` is RBLN's own conditional, and judged where the call is.
bool isPartitionSkip(mlir::Value condition) {
  while (mlir::Operation *op = condition.getDefiningOp()) {
    if (auto call = mlir::dyn_cast<tt::CallOp>(op))
      return call.getCallee().starts_with("rblib.partition_skip");
    if (!mlir::isa<mlir::arith::CmpIOp, mlir::arith::XOrIOp>(op) || !isConstant(op->getOperand(1)))
      return false;
    condition = op->getOperand(0);
  }
  return false;
}

} // namespace

void runTimeBranch(mlir::Operation *op, Context &context) {
  bool isJump = mlir::isa<mlir::cf::CondBranchOp>(op);
  mlir::Value condition =
      isJump ? mlir::cast<mlir::cf::CondBranchOp>(op).getCondition() : mlir::cast<mlir::scf::IfOp>(op).getCondition();
  if (isPartitionSkip(condition))
    return;
  Finding finding;
  finding.subject = "if";
  finding.message = "an if is decided while the kernel runs, by " + scalarText(condition) + " (" +
                    op->getName().getStringRef().str() + ")";
  finding.fix = isJump
                    ? "compute the value in both cases, choose with tl.where(condition, a, b) and return once, at the "
                      "end; or make the condition a tl.constexpr"
                    : "compute both values and choose with tl.where(condition, a, b); or make the condition a "
                      "tl.constexpr";
  context.report(op, std::move(finding));
}

} // namespace rblnc::rules
