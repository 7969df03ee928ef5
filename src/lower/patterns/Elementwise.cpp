// Element-wise operations on tensors and scalars: one linalg.generic each.
#include "Patterns.h"

#include "Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

LogicalResult lowerElementwise(Lowering &lowering, Operation *op) {
  FailureOr<SmallVector<Value>> operands = lowering.operandsOf(op);
  if (failed(operands))
    return failure();
  RankedTensorType type = tensorTypeOf(op->getResult(0).getType());
  LogicalResult result = success();
  Value value = lowering.elementwise(type.getShape(), type.getElementType(), *operands,
                                     [&](OpBuilder &builder, Location loc, ValueRange elements) {
                                       FailureOr<Value> scalar = emitScalar(lowering, op, elements, builder, loc);
                                       result = scalar;
                                       return succeeded(scalar) ? *scalar : Value();
                                     });
  lowering.set(op->getResult(0), value);
  return result;
}

/// tt.map_elementwise of one element at a time: its region is the body, once for each result.
LogicalResult lowerMap(Lowering &lowering, Operation *op) {
  auto map = cast<tt::MapElementwiseOp>(op);
  if (map.getPack() != 1)
    return lowering.unsupported(
        op, "tl.map_elementwise with pack=" + std::to_string(map.getPack()) + " is not supported", "use pack=1");
  FailureOr<SmallVector<Value>> operands = lowering.operandsOf(op);
  if (failed(operands))
    return failure();
  LogicalResult status = success();
  for (auto [i, result] : enumerate(op->getResults())) {
    RankedTensorType type = tensorTypeOf(result.getType());
    Value value = lowering.elementwise(
        type.getShape(), type.getElementType(), *operands, [&](OpBuilder &builder, Location, ValueRange elements) {
          FailureOr<SmallVector<Value>> scalars = emitRegion(lowering, map.getScalarOp(), elements, builder);
          status = scalars;
          return succeeded(scalars) ? (*scalars)[i] : Value();
        });
    if (failed(status))
      return failure();
    lowering.set(result, value);
  }
  return success();
}

} // namespace

void addElementwisePatterns(PatternTable &table) {
  table["element-wise"] = lowerElementwise;
  table["tt.map_elementwise"] = lowerMap;
}

} // namespace rblnc::lower
