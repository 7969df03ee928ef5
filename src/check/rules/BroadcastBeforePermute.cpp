// RBLN-W020: an operand of a product that is broadcast first and transposed then.
#include "rblnc/triton/Dialect.h"
#include "rblnc/triton/Location.h"

#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {
namespace {

/// Triton merges the leading axes of operands of rank 4 and more before the product.
mlir::Value withoutReshapes(mlir::Value value) {
  while (auto reshape = value.getDefiningOp<tt::ReshapeOp>())
    value = reshape.getSrc();
  return value;
}

} // namespace

void broadcastBeforePermute(mlir::Operation *op, Context &context) {
  auto dot = mlir::cast<tt::DotOp>(op);
  for (mlir::Value operand : {dot.getA(), dot.getB()}) {
    auto permute = withoutReshapes(operand).getDefiningOp<tt::TransOp>();
    if (!permute)
      continue;
    auto broadcast = withoutReshapes(permute.getSrc()).getDefiningOp<tt::BroadcastOp>();
    if (!broadcast)
      continue;
    auto before = mlir::cast<mlir::RankedTensorType>(broadcast.getSrc().getType()).getShape();
    auto after = mlir::cast<mlir::RankedTensorType>(broadcast.getType()).getShape();
    context.report(permute, {"an operand of tl.dot is broadcast from " + shapeText(before) + " to " + shapeText(after) +
                                 " and permuted then; the vendor's compiler may not fuse that",
                             "permute the block of " + shapeText(before) + " first, then broadcast_to, then tl.dot",
                             "permute",
                             {{"the broadcast", framesOf(broadcast.getLoc())}}});
  }
}

} // namespace rblnc::rules
