// RBLN-W011: reductions over another axis than the last.
#include "Describe.h"
#include "Reduction.h"
#include "Rule.h"

namespace rblnc::rules {

void reductionAxis(mlir::Operation *op, Context &context) {
  auto reduce = mlir::cast<tt::ReduceOp>(op);
  auto type = mlir::cast<mlir::RankedTensorType>(reduce.getSrcs().front().getType());
  int64_t axis = reduce.getAxis(), last = type.getRank() - 1;
  if (axis == last)
    return;
  std::string name = reductionName(reductionOf(reduce));
  context.report(op, {name + " is over axis " + std::to_string(axis) + " of " + shapeText(type.getShape()) +
                          "; the vendor's compiler reduces over the last axis, " + std::to_string(last),
                      "permute the block so that axis " + std::to_string(axis) +
                          " is the last, reduce over axis=" + std::to_string(last) + ", and permute the result back",
                      name,
                      {}});
}

} // namespace rblnc::rules
