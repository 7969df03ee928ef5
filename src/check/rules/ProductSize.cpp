// RBLN-W015: matrix products with a long side.
#include "rblnc/triton/Dialect.h"

#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {
namespace {

/// The shortest side that the vendor's graph conversion was seen to refuse.
constexpr int64_t refusedSide = 1024;

/// It was seen for products of this rank and below. Those of its attention kernels, (batch, head, group, row, column),
/// are served with sides of a whole partition.
constexpr size_t refusedRank = 3;

} // namespace

void productSize(mlir::Operation *op, Context &context) {
  auto shape = mlir::cast<mlir::RankedTensorType>(op->getResult(0).getType()).getShape();
  int64_t rows = shape[shape.size() - 2], columns = shape.back();
  if (shape.size() > refusedRank || (rows < refusedSide && columns < refusedSide))
    return;
  context.report(op, {"the result of tl.dot is " + shapeText(shape) + ", with a side of " +
                          std::to_string(std::max(rows, columns)) + "; the vendor's compiler refuses " +
                          std::to_string(refusedSide) + " or more",
                      rows >= refusedSide ? "compute it in tiles of 256 rows, in a tl.static_range"
                                          : "split the columns over several kernels of fewer than 1024 columns each",
                      "dot",
                      {}});
}

} // namespace rblnc::rules
