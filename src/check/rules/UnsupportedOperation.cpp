// RBLN-C003: operations that have no lowering, by name.
#include "Rule.h"

#include "rblnc/check/Operations.h"
#include "rblnc/triton/Dialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace rblnc::rules {
namespace {

/// The function of triton.language that the user called, where one operation serves several; empty otherwise.
std::string calledFunction(mlir::Operation *op) {
  if (auto scan = mlir::dyn_cast<tt::ScanOp>(op)) {
    mlir::Operation *combined = scan.getCombineOp().front().getTerminator()->getOperand(0).getDefiningOp();
    if (combined && mlir::isa<mlir::arith::AddFOp, mlir::arith::AddIOp>(combined))
      return "tl.cumsum";
    if (combined && mlir::isa<mlir::arith::MulFOp, mlir::arith::MulIOp>(combined))
      return "tl.cumprod";
    return "tl.associative_scan";
  }
  if (auto atomic = mlir::dyn_cast<tt::AtomicRMWOp>(op)) {
    switch (atomic.getAtomicRmwOp()) {
    case tt::RMWOp::ADD:
    case tt::RMWOp::FADD:
      return "tl.atomic_add";
    case tt::RMWOp::MAX:
    case tt::RMWOp::UMAX:
      return "tl.atomic_max";
    case tt::RMWOp::MIN:
    case tt::RMWOp::UMIN:
      return "tl.atomic_min";
    case tt::RMWOp::XCHG:
      return "tl.atomic_xchg";
    case tt::RMWOp::AND:
      return "tl.atomic_and";
    case tt::RMWOp::OR:
      return "tl.atomic_or";
    case tt::RMWOp::XOR:
      return "tl.atomic_xor";
    }
  }
  return {};
}

} // namespace

void unsupportedOperation(mlir::Operation *op, Context &context) {
  llvm::StringRef name = op->getName().getStringRef();
  const OperationInfo *info = findOperation(std::string_view(name.data(), name.size()));
  if (info && info->isSupported())
    return;
  Finding finding;
  finding.subject = name.str();
  if (info) {
    std::string called = calledFunction(op);
    finding.message = (called.empty() ? std::string(info->python) : called) + " is not supported (" + name.str() + ")";
    finding.fix = std::string(info->fix);
  } else {
    finding.message = "the operation " + name.str() + " is not supported";
    finding.fix = "use the operations of triton.language that 'rblnc explain C003' speaks of";
  }
  context.report(op, std::move(finding));
}

} // namespace rblnc::rules
