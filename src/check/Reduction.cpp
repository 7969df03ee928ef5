#include "Reduction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace rblnc::rules {
namespace {

namespace arith = mlir::arith;

/// True when `op` combines the two block arguments, in either order.
bool combinesArguments(mlir::Operation *op, mlir::Value a, mlir::Value b) {
  return op->getNumOperands() == 2 &&
         ((op->getOperand(0) == a && op->getOperand(1) == b) || (op->getOperand(0) == b && op->getOperand(1) == a));
}

Reduction ofOneValue(mlir::Block &body) {
  mlir::Operation *op = body.getTerminator()->getOperand(0).getDefiningOp();
  if (!op || !combinesArguments(op, body.getArgument(0), body.getArgument(1)))
    return Reduction::Other;
  if (mlir::isa<arith::AddFOp, arith::AddIOp>(op))
    return Reduction::Sum;
  if (mlir::isa<arith::MaxNumFOp, arith::MaximumFOp, arith::MaxSIOp, arith::MaxUIOp>(op))
    return Reduction::Max;
  if (mlir::isa<arith::MinNumFOp, arith::MinimumFOp, arith::MinSIOp, arith::MinUIOp>(op))
    return Reduction::Min;
  return mlir::isa<arith::XOrIOp>(op) ? Reduction::XorSum : Reduction::Other;
}

/// A value and its place: the comparison of the two values tells which one is kept.
Reduction ofValueAndPlace(mlir::Block &body) {
  mlir::Value left = body.getArgument(0), right = body.getArgument(2);
  for (mlir::Operation &op : body) {
    if (!mlir::isa<arith::CmpFOp, arith::CmpIOp>(op) || op.getOperand(0) != left || op.getOperand(1) != right)
      continue;
    if (auto compare = mlir::dyn_cast<arith::CmpFOp>(op)) {
      if (compare.getPredicate() == arith::CmpFPredicate::OGT || compare.getPredicate() == arith::CmpFPredicate::UGT)
        return Reduction::ArgMax;
      if (compare.getPredicate() == arith::CmpFPredicate::OLT || compare.getPredicate() == arith::CmpFPredicate::ULT)
        return Reduction::ArgMin;
    } else {
      auto predicate = mlir::cast<arith::CmpIOp>(op).getPredicate();
      if (predicate == arith::CmpIPredicate::sgt || predicate == arith::CmpIPredicate::ugt)
        return Reduction::ArgMax;
      if (predicate == arith::CmpIPredicate::slt || predicate == arith::CmpIPredicate::ult)
        return Reduction::ArgMin;
    }
  }
  return Reduction::Other;
}

} // namespace

Reduction reductionOf(tt::ReduceOp reduce) {
  mlir::Block &body = reduce.getCombineOp().front();
  if (reduce.getNumResults() == 1 && body.getNumArguments() == 2)
    return ofOneValue(body);
  if (reduce.getNumResults() == 2 && body.getNumArguments() == 4)
    return ofValueAndPlace(body);
  return Reduction::Other;
}

std::string reductionName(Reduction reduction) {
  switch (reduction) {
  case Reduction::Sum:
    return "tl.sum";
  case Reduction::Max:
    return "tl.max";
  case Reduction::Min:
    return "tl.min";
  case Reduction::ArgMax:
    return "tl.argmax";
  case Reduction::ArgMin:
    return "tl.argmin";
  case Reduction::XorSum:
    return "tl.xor_sum";
  case Reduction::Other:
    break;
  }
  return "tl.reduce";
}

} // namespace rblnc::rules
