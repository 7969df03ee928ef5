// Constants and ranges.
#include "Patterns.h"

#include "Report.h"
#include "Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

LogicalResult lowerConstant(Lowering &lowering, Operation *op) {
  auto constant = cast<arith::ConstantOp>(op);
  RankedTensorType type = tensorTypeOf(constant.getType());
  TypedAttr element = constant.getValue();
  if (isa<RankedTensorType>(constant.getType())) {
    auto dense = dyn_cast<DenseElementsAttr>(constant.getValue());
    if (!dense || !dense.isSplat())
      return lowering.unsupported(op, "a constant tensor with different elements is not supported",
                                  "load it as an argument, or compute it from tl.arange");
    element = dense.getSplatValue<TypedAttr>();
  }
  lowering.set(op->getResult(0), lowering.constant(type, element));
  return success();
}

LogicalResult lowerRange(Lowering &lowering, Operation *op) {
  auto range = cast<tt::MakeRangeOp>(op);
  RankedTensorType type = tensorTypeOf(range.getResult().getType());
  lowering.set(range.getResult(),
               lowering.iota(static_cast<int32_t>(range.getStart()), type.getNumElements(), type.getElementType()));
  return success();
}

} // namespace

void addCreationPatterns(PatternTable &table) {
  table["arith.constant"] = lowerConstant;
  table["tt.make_range"] = lowerRange;
}

} // namespace rblnc::lower
