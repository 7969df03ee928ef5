// Softmax and its masked forms.
#include "Tile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace rblnc::plan {
namespace {

/// p / s of a tile; a row of which nothing is visible is 0 / 0.
SmallVector<Value> normalised(OpBuilder &builder, Location loc, Value y, int64_t axis) {
  Tile parts = tile(builder, loc, y, axis);
  auto type = cast<RankedTensorType>(y.getType());
  return {rbln::elementwise(builder, loc, type.getShape(), type.getElementType(), {parts.p, parts.s},
                            [](OpBuilder &nested, Location loc, ValueRange elements) -> Value {
                              return arith::DivFOp::create(nested, loc, elements[0], elements[1]);
                            })};
}

int64_t lastAxis(Value x) { return cast<RankedTensorType>(x.getType()).getRank() - 1; }

SmallVector<Value> expandSoftmax(OpBuilder &builder, Operation *op) {
  auto softmax = cast<rbln::SoftmaxOp>(op);
  return normalised(builder, op->getLoc(), softmax.getX(), static_cast<int64_t>(softmax.getAxis()));
}

SmallVector<Value> expandMasked(OpBuilder &builder, Operation *op) {
  auto softmax = cast<rbln::MaskedSoftmaxOp>(op);
  Value y = selectByMask(builder, op->getLoc(), softmax.getX(), softmax.getMask());
  return normalised(builder, op->getLoc(), y, lastAxis(y));
}

SmallVector<Value> expandDynamic(OpBuilder &builder, Operation *op) {
  auto softmax = cast<rbln::DynamicMaskedSoftmaxOp>(op);
  Value y = selectByIndex(builder, op->getLoc(), softmax.getX(), softmax.getIndex(), isCausal);
  return normalised(builder, op->getLoc(), y, lastAxis(y));
}

SmallVector<Value> expandWindow(OpBuilder &builder, Operation *op) {
  auto softmax = cast<rbln::WindowSoftmaxOp>(op);
  auto window = static_cast<int64_t>(softmax.getWindow());
  Value y = selectByIndex(builder, op->getLoc(), softmax.getX(), softmax.getStart(),
                          [&](OpBuilder &nested, Location loc, Value start, Value i, Value j) -> Value {
                            Value row = arith::AddIOp::create(nested, loc, start, i);
                            Value distance = arith::SubIOp::create(nested, loc, row, j);
                            // Unsigned, a negative distance is beyond every window.
                            Value limit = arith::ConstantOp::create(nested, loc, nested.getI64IntegerAttr(window));
                            return arith::CmpIOp::create(nested, loc, arith::CmpIPredicate::ult, distance, limit);
                          });
  return normalised(builder, op->getLoc(), y, lastAxis(y));
}

} // namespace

void addSoftmaxExpansions(ExpandTable &table) {
  table[rbln::SoftmaxOp::getOperationName()] = expandSoftmax;
  table[rbln::MaskedSoftmaxOp::getOperationName()] = expandMasked;
  table[rbln::DynamicMaskedSoftmaxOp::getOperationName()] = expandDynamic;
  table[rbln::WindowSoftmaxOp::getOperationName()] = expandWindow;
}

} // namespace rblnc::plan
