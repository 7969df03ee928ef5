// RBLN-W006: 1 / (1 + exp(-x)), which is also what tl.sigmoid is inlined to.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"

#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {
namespace {

bool isNegation(mlir::Value value) {
  if (value.getDefiningOp<mlir::arith::NegFOp>())
    return true;
  auto difference = value.getDefiningOp<mlir::arith::SubFOp>();
  return difference && mlir::matchPattern(difference.getLhs(), mlir::m_AnyZeroFloat());
}

bool isExpOfNegation(mlir::Value value) {
  auto exp = value.getDefiningOp<mlir::math::ExpOp>();
  return exp && isNegation(exp.getOperand());
}

bool isOne(mlir::Value value) { return mlir::matchPattern(value, mlir::m_OneFloat()); }

} // namespace

void sigmoid(mlir::Operation *op, Context &context) {
  auto division = mlir::cast<mlir::arith::DivFOp>(op);
  auto sum = division.getRhs().getDefiningOp<mlir::arith::AddFOp>();
  if (!sum || !isOne(division.getLhs()))
    return;
  if (!(isOne(sum.getLhs()) && isExpOfNegation(sum.getRhs())) &&
      !(isOne(sum.getRhs()) && isExpOfNegation(sum.getLhs())))
    return;
  context.report(op, {"tl.sigmoid, or 1 / (1 + exp(-x)), on " + typeText(division.getType()) +
                          " is refused by the vendor's compiler, and nothing that it takes has the same values; rblnc "
                          "computes it",
                      {},
                      "sigmoid",
                      {}});
}

} // namespace rblnc::rules
