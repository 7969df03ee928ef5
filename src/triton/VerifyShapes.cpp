// Rules of the operations that change shapes.
#include "rblnc/triton/Dialect.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace rblnc::tt {

static RankedTensorType tensorOf(Value value) { return cast<RankedTensorType>(value.getType()); }

static LogicalResult sameElementType(Operation *op, Value source, Value result) {
  Type from = getElementTypeOrSelf(source.getType()), to = getElementTypeOrSelf(result.getType());
  if (from != to)
    return op->emitOpError() << "must keep the element type, but turns " << from << " into " << to;
  return success();
}

LogicalResult MakeRangeOp::verify() {
  int64_t start = static_cast<int32_t>(getStart()), end = static_cast<int32_t>(getEnd());
  RankedTensorType type = getType();
  if (type.getRank() != 1)
    return emitOpError() << "result must have rank 1, but is " << type;
  if (!type.getElementType().isInteger(32))
    return emitOpError() << "result must have i32 elements, but is " << type;
  if (start >= end)
    return emitOpError() << "start must be less than end, but is " << start << " with end " << end;
  if (end - start != type.getDimSize(0))
    return emitOpError() << "counts " << end - start << " elements, but the result has " << type.getDimSize(0);
  return success();
}

LogicalResult SplatOp::verify() {
  if (auto source = dyn_cast<RankedTensorType>(getSrc().getType()); source && source.getRank() != 0)
    return emitOpError() << "source must be a scalar or a tensor of rank 0, but is " << source;
  return sameElementType(*this, getSrc(), getResult());
}

LogicalResult UnsplatOp::verify() {
  if (elementCountOf(tensorOf(getSrc()).getShape()) != 1)
    return emitOpError() << "source must have exactly one element, but is " << getSrc().getType();
  return success();
}

LogicalResult ExpandDimsOp::verify() {
  RankedTensorType source = tensorOf(getSrc()), result = getType();
  int64_t axis = static_cast<int32_t>(getAxis());
  if (axis < 0 || axis > source.getRank())
    return emitOpError() << "axis must be between 0 and " << source.getRank() << ", but is " << axis;
  SmallVector<int64_t> expected(source.getShape());
  expected.insert(expected.begin() + axis, 1);
  if (result.getShape() != ArrayRef<int64_t>(expected))
    return emitOpError() << "result must have shape [" << expected << "], but is " << result;
  return sameElementType(*this, getSrc(), getResult());
}

LogicalResult ReshapeOp::verify() {
  RankedTensorType source = tensorOf(getSrc()), result = getType();
  std::optional<int64_t> from = elementCountOf(source.getShape()), to = elementCountOf(result.getShape());
  if (!from || !to || *from != *to)
    return emitOpError() << "must keep the number of elements, but turns " << source << " into " << result;
  return sameElementType(*this, getSrc(), getResult());
}

LogicalResult BroadcastOp::verify() {
  RankedTensorType source = tensorOf(getSrc()), result = getType();
  if (source.getRank() != result.getRank())
    return emitOpError() << "must keep the rank, but turns " << source << " into " << result;
  for (int64_t axis = 0; axis < source.getRank(); ++axis)
    if (source.getDimSize(axis) != 1 && source.getDimSize(axis) != result.getDimSize(axis))
      return emitOpError() << "can only repeat axes of extent 1, but axis " << axis << " goes from "
                           << source.getDimSize(axis) << " to " << result.getDimSize(axis);
  return sameElementType(*this, getSrc(), getResult());
}

LogicalResult TransOp::verify() {
  RankedTensorType source = tensorOf(getSrc()), result = getType();
  ArrayRef<int32_t> order = getOrder();
  size_t rank = source.getRank();
  SmallVector<bool> seen(rank, false);
  bool permutation = order.size() == rank;
  for (int32_t axis : order) {
    permutation &= axis >= 0 && static_cast<size_t>(axis) < rank && !seen[axis];
    if (!permutation)
      break;
    seen[axis] = true;
  }
  if (!permutation)
    return emitOpError() << "order must name each of the " << rank << " axes once, but is [" << order << "]";
  SmallVector<int64_t> expected;
  for (int32_t axis : order)
    expected.push_back(source.getDimSize(axis));
  if (result.getShape() != ArrayRef<int64_t>(expected))
    return emitOpError() << "result must have shape [" << expected << "], but is " << result;
  return sameElementType(*this, getSrc(), getResult());
}

LogicalResult CatOp::verify() {
  RankedTensorType operand = tensorOf(getLhs()), result = getType();
  std::optional<int64_t> from = elementCountOf(operand.getShape()), to = elementCountOf(result.getShape());
  if (!from || !to || *to % 2 != 0 || *from != *to / 2)
    return emitOpError() << "result must have the elements of both operands, but is " << result << " for " << operand
                         << " twice";
  return sameElementType(*this, getLhs(), getResult());
}

LogicalResult JoinOp::verify() {
  SmallVector<int64_t> expected(tensorOf(getLhs()).getShape());
  expected.push_back(2);
  if (getType().getShape() != ArrayRef<int64_t>(expected))
    return emitOpError() << "result must have shape [" << expected << "], but is " << getType();
  return sameElementType(*this, getLhs(), getResult());
}

LogicalResult SplitOp::verify() {
  RankedTensorType source = tensorOf(getSrc());
  if (source.getRank() == 0 || source.getShape().back() != 2)
    return emitOpError() << "the last axis of the source must have extent 2, but the source is " << source;
  if (tensorOf(getOutLHS()).getShape() != source.getShape().drop_back())
    return emitOpError() << "results must have shape [" << source.getShape().drop_back() << "], but are "
                         << getOutLHS().getType();
  return sameElementType(*this, getSrc(), getOutLHS());
}

LogicalResult GatherOp::verify() {
  RankedTensorType source = tensorOf(getSrc()), indices = tensorOf(getIndices());
  int64_t axis = static_cast<int32_t>(getAxis());
  if (indices.getShape() != getType().getShape())
    return emitOpError() << "result must be shaped as the indices, " << indices << ", but is " << getType();
  if (source.getRank() != indices.getRank())
    return emitOpError() << "source and indices must have one rank, but are " << source << " and " << indices;
  if (axis < 0 || axis >= source.getRank())
    return emitOpError() << "axis must be between 0 and " << source.getRank() - 1 << ", but is " << axis;
  for (int64_t other = 0; other < source.getRank(); ++other)
    if (other != axis && source.getDimSize(other) != indices.getDimSize(other))
      return emitOpError() << "source and indices must agree on axis " << other << ", but are " << source << " and "
                           << indices;
  return sameElementType(*this, getSrc(), getResult());
}

LogicalResult HistogramOp::verify() {
  if (getType().getRank() != 1)
    return emitOpError() << "result must have rank 1, but is " << getType();
  return success();
}

} // namespace rblnc::tt
