// Rules of pointers, loads, stores, atomics and casts that their definitions do not state.
#include "rblnc/triton/Dialect.h"

using namespace mlir;

namespace rblnc::tt {

static bool isPermutation(ArrayRef<int32_t> order, size_t rank) {
  if (order.size() != rank)
    return false;
  SmallVector<bool> seen(rank, false);
  for (int32_t axis : order) {
    if (axis < 0 || static_cast<size_t>(axis) >= rank || seen[axis])
      return false;
    seen[axis] = true;
  }
  return true;
}

LogicalResult MakeTensorPtrOp::verify() {
  auto block = cast<RankedTensorType>(cast<PointerType>(getType()).getPointeeType());
  size_t rank = block.getRank();
  if (getShape().size() != rank || getNumOperands() != 1 + 3 * rank)
    return emitOpError() << "shape, strides and offsets must have one value per axis of " << block << ", but have "
                         << (getNumOperands() - 1) << " in all";
  // An empty order means the default, row-major.
  if (!getOrder().empty() && !isPermutation(getOrder(), rank))
    return emitOpError() << "order must name each of the " << rank << " axes once, but is [" << getOrder() << "]";
  return success();
}

LogicalResult AdvanceOp::verify() {
  auto block = cast<RankedTensorType>(cast<PointerType>(getType()).getPointeeType());
  if (getOffsets().size() != static_cast<size_t>(block.getRank()))
    return emitOpError() << "needs one offset per axis of " << block << ", but has " << getOffsets().size();
  return success();
}

template <typename Op> static LogicalResult verifyBoundaryCheck(Op op) {
  ArrayRef<int32_t> axes = op.getBoundaryCheck();
  if (axes.empty())
    return success();
  auto pointer = dyn_cast<PointerType>(op.getPtr().getType());
  if (!pointer || !pointer.pointsToTensor())
    return op.emitOpError() << "boundaryCheck needs a block pointer, but the pointer is " << op.getPtr().getType();
  int64_t rank = cast<RankedTensorType>(pointer.getPointeeType()).getRank();
  SmallVector<bool> seen(rank, false);
  for (int32_t axis : axes) {
    if (axis < 0 || axis >= rank)
      return op.emitOpError() << "boundaryCheck names axis " << axis << " of a block of rank " << rank;
    if (seen[axis])
      return op.emitOpError() << "boundaryCheck names axis " << axis << " twice";
    seen[axis] = true;
  }
  return success();
}

LogicalResult LoadOp::verify() {
  if (getOther() && !getMask())
    return emitOpError() << "has a value for masked-off elements, but no mask";
  if (getPadding() && !isa<PointerType>(getPtr().getType()))
    return emitOpError() << "padding needs a block pointer, but the pointer is " << getPtr().getType();
  return verifyBoundaryCheck(*this);
}

LogicalResult StoreOp::verify() { return verifyBoundaryCheck(*this); }

LogicalResult AtomicPollOp::verify() {
  if (getSem() != MemSemantic::ACQUIRE && getSem() != MemSemantic::RELAXED)
    return emitOpError() << "must be acquire or relaxed, but is " << stringifyMemSemantic(getSem());
  return success();
}

/// Bits of a scalar; a pointer has 64.
static unsigned bitsOf(Type type) {
  Type element = getElementTypeOrSelf(type);
  return isa<PointerType>(element) ? 64 : element.getIntOrFloatBitWidth();
}

LogicalResult BitcastOp::verify() {
  if (bitsOf(getSrc().getType()) != bitsOf(getType()))
    return emitOpError() << "cannot turn " << bitsOf(getSrc().getType()) << "-bit " << getSrc().getType() << " into "
                         << bitsOf(getType()) << "-bit " << getType();
  return success();
}

LogicalResult FpToFpOp::verify() {
  if (bitsOf(getType()) < bitsOf(getSrc().getType()) && !getRounding())
    return emitOpError() << "needs a rounding mode, since " << getType() << " is narrower than " << getSrc().getType();
  return success();
}

LogicalResult ElementwiseInlineAsmOp::verify() {
  int64_t packed = getPackedElement();
  if (packed < 1)
    return emitOpError() << "packed_element must be positive, but is " << packed;
  RankedTensorType first;
  for (Type type : llvm::concat<const Type>(llvm::to_vector(getOperandTypes()), llvm::to_vector(getResultTypes()))) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor)
      continue;
    if (!first)
      first = tensor;
    if (tensor.getShape() != first.getShape())
      return emitOpError() << "operands and results must have one shape, but " << tensor << " is not shaped as "
                           << first;
  }
  if (!first)
    return success();
  std::optional<int64_t> count = elementCountOf(first.getShape());
  if (!count || *count % packed != 0)
    return emitOpError() << "works on " << packed << " elements at a time, which does not divide the elements of "
                         << first;
  return success();
}

} // namespace rblnc::tt
