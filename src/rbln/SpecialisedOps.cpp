// Verifiers of RBLN's specialised operations. Their messages also reach users of rblib, who know operands by these
// names.
#include "rblnc/rbln/Dialect.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace rblnc::rbln;

/// A result, or operand, must have this shape and the element type of `like`.
static LogicalResult expectType(Operation *op, StringRef what, Value value, ArrayRef<int64_t> shape, Type element) {
  auto wanted = RankedTensorType::get(shape, element);
  if (value.getType() == wanted)
    return success();
  return op->emitOpError() << what << " is " << value.getType() << " and must be " << wanted;
}

static LogicalResult checkAxis(Operation *op, int64_t axis, ShapedType type) {
  if (axis >= 0 && axis < type.getRank())
    return success();
  return op->emitOpError() << "axis " << axis << " is not one of a tensor of rank " << type.getRank();
}

static SmallVector<int64_t> shapeWith(ShapedType type, int64_t axis, int64_t extent) {
  SmallVector<int64_t> shape(type.getShape());
  shape[axis] = extent;
  return shape;
}

static LogicalResult checkIsTile(Operation *op, ShapedType x) {
  if (x.getRank() >= 2)
    return success();
  return op->emitOpError() << "x is " << x << " and must have rows and columns (rank 2 or more)";
}

/// A mask has x's rank, element kind and columns; its other extents are x's or 1.
static LogicalResult checkMask(Operation *op, ShapedType x, ShapedType mask) {
  bool fits = mask.getRank() == x.getRank() && mask.getShape().back() == x.getShape().back();
  for (int64_t d = 0; fits && d < x.getRank(); ++d)
    fits = mask.getDimSize(d) == x.getDimSize(d) || mask.getDimSize(d) == 1;
  if (fits)
    return success();
  return op->emitOpError() << "mask is " << mask << " for x " << x
                           << ": it must have x's rank and columns, and x's extents or 1 elsewhere";
}

/// m, p, s and the previous maximum of a tile.
template <typename Op> static LogicalResult checkTile(Op op) {
  auto x = cast<ShapedType>(op.getX().getType());
  if (failed(checkIsTile(op, x)))
    return failure();
  SmallVector<int64_t> column = shapeWith(x, x.getRank() - 1, 1);
  if (op.getPrevious() && failed(expectType(op, "m_prev", op.getPrevious(), column, x.getElementType())))
    return failure();
  return failure(failed(expectType(op, "m", op.getM(), column, x.getElementType())) ||
                 failed(expectType(op, "p", op.getP(), x.getShape(), x.getElementType())) ||
                 failed(expectType(op, "s", op.getS(), column, x.getElementType())));
}

LogicalResult PartitionSkipOp::verify() {
  if (static_cast<int64_t>(getSize()) < 1)
    return emitOpError() << "partition of " << static_cast<int64_t>(getSize()) << " rows; it must have at least one";
  if (Value previous = getPrevious()) {
    auto type = cast<ShapedType>(previous.getType());
    if (type.getNumElements() != 1 || !type.getElementType().isInteger())
      return emitOpError() << "needs one integer as the index before, but got " << type;
  }
  return expectType(*this, "result", getResult(), {}, Builder(getContext()).getI1Type());
}

LogicalResult InsertOp::verify() {
  auto data = cast<ShapedType>(getData().getType()), updates = cast<ShapedType>(getUpdates().getType());
  int64_t axis = static_cast<int64_t>(getAxis());
  if (failed(checkAxis(*this, axis, data)))
    return failure();
  if (updates.getRank() != data.getRank())
    return emitOpError() << "updates is " << updates << " and must have the rank of data " << data;
  if (getFirst() == 0 && updates.getDimSize(axis) > data.getDimSize(axis))
    return emitOpError() << "updates has " << updates.getDimSize(axis) << " rows along axis " << axis
                         << ", but data has " << data.getDimSize(axis);
  return expectType(*this, "updates", getUpdates(), shapeWith(data, axis, updates.getDimSize(axis)),
                    data.getElementType());
}

LogicalResult WindowInsertOp::verify() {
  auto base = cast<ShapedType>(getBase().getType()), rows = cast<ShapedType>(getRows().getType());
  int64_t axis = static_cast<int64_t>(getAxis());
  if (failed(checkAxis(*this, axis, base)))
    return failure();
  if (rows.getRank() != base.getRank())
    return emitOpError() << "new is " << rows << " and must have the rank of base " << base;
  if (failed(expectType(*this, "new", getRows(), shapeWith(base, axis, rows.getDimSize(axis)), base.getElementType())))
    return failure();
  IndexType bounds = getIndex().getType();
  if (bounds.getMin() < 0 || bounds.getMax() > base.getDimSize(axis))
    return emitOpError() << "index in " << bounds << " and must lie in 0.." << base.getDimSize(axis);
  return expectType(*this, "result", getResult(), shapeWith(base, axis, base.getDimSize(axis) + rows.getDimSize(axis)),
                    base.getElementType());
}

LogicalResult WindowSliceOp::verify() {
  auto buf = cast<ShapedType>(getBuf().getType()), result = cast<ShapedType>(getResult().getType());
  int64_t axis = static_cast<int64_t>(getAxis());
  if (failed(checkAxis(*this, axis, buf)))
    return failure();
  if (result.getRank() != buf.getRank())
    return emitOpError() << "result is " << result << " and must have the rank of buf " << buf;
  if (result.getDimSize(axis) > buf.getDimSize(axis))
    return emitOpError() << "size " << result.getDimSize(axis) << " along axis " << axis << " of buf, which has "
                         << buf.getDimSize(axis);
  IndexType bounds = getEnd().getType();
  if (bounds.getMin() < 0 || bounds.getMax() > buf.getDimSize(axis))
    return emitOpError() << "end in " << bounds << " and must lie in 0.." << buf.getDimSize(axis);
  return expectType(*this, "result", getResult(), shapeWith(buf, axis, result.getDimSize(axis)), buf.getElementType());
}

LogicalResult PadOp::verify() {
  auto x = cast<ShapedType>(getX().getType()), result = cast<ShapedType>(getResult().getType());
  int64_t axis = static_cast<int64_t>(getAxis()), low = static_cast<int64_t>(getLow());
  if (failed(checkAxis(*this, axis, x)))
    return failure();
  if (getValue().getType() != x.getElementType())
    return emitOpError() << "pads " << x.getElementType() << " with " << getValue().getType();
  if (!isa<FloatAttr, IntegerAttr>(getValue()))
    return emitOpError() << "pads with something else than a number";
  if (result.getRank() != x.getRank() || low < 0 || low > result.getDimSize(axis) - x.getDimSize(axis))
    return emitOpError() << "pads " << x << " with " << low << " rows in front, which does not give " << result;
  return expectType(*this, "result", getResult(), shapeWith(x, axis, result.getDimSize(axis)), x.getElementType());
}

LogicalResult SoftmaxOp::verify() {
  return checkAxis(*this, static_cast<int64_t>(getAxis()), cast<ShapedType>(getX().getType()));
}

LogicalResult MaskedSoftmaxOp::verify() {
  auto x = cast<ShapedType>(getX().getType());
  return failure(failed(checkIsTile(*this, x)) || failed(checkMask(*this, x, cast<ShapedType>(getMask().getType()))));
}

LogicalResult DynamicMaskedSoftmaxOp::verify() { return checkIsTile(*this, cast<ShapedType>(getX().getType())); }

LogicalResult WindowSoftmaxOp::verify() {
  if (static_cast<int64_t>(getWindow()) < 1)
    return emitOpError() << "window of " << static_cast<int64_t>(getWindow()) << " columns; it must have at least one";
  return checkIsTile(*this, cast<ShapedType>(getX().getType()));
}

LogicalResult FlashAttnTileOp::verify() {
  return failure(failed(checkTile(*this)) ||
                 failed(checkMask(*this, cast<ShapedType>(getX().getType()), cast<ShapedType>(getMask().getType()))));
}

LogicalResult DynamicFlashAttnTileOp::verify() { return checkTile(*this); }

LogicalResult FlashAttnRecomputeOp::verify() {
  auto m = cast<ShapedType>(getM().getType()), o = cast<ShapedType>(getO().getType());
  if (m.getRank() < 1 || o.getRank() != m.getRank() || m.getShape().back() != 1 ||
      m.getShape().drop_back() != o.getShape().drop_back() || m.getElementType() != o.getElementType())
    return emitOpError() << "row statistics are " << m << " for outputs " << o
                         << ": they must have the outputs' shape with one column";
  return success();
}
