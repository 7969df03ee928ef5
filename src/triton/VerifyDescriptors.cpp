// Rules of tensor descriptors.
#include "rblnc/triton/Dialect.h"

using namespace mlir;

namespace rblnc::tt {

LogicalResult MakeTensorDescOp::verify() {
  RankedTensorType block = cast<TensorDescType>(getType()).getBlockType();
  size_t rank = block.getRank();
  if (getShape().size() != rank || getNumOperands() != 1 + 2 * rank)
    return emitOpError() << "shape and strides must have one value per axis of " << block << ", but have "
                         << (getNumOperands() - 1) << " in all";
  return success();
}

/// A transfer may drop unit axes, so only the element type and the number of elements must agree. Before 3.3 the
/// descriptor is a raw pointer, which says nothing.
static LogicalResult verifyTransfer(Operation *op, Value descriptor, Value tensor, size_t indices) {
  auto type = dyn_cast<TensorDescType>(descriptor.getType());
  if (!type)
    return success();
  RankedTensorType block = type.getSignlessBlockType(), moved = cast<RankedTensorType>(tensor.getType());
  if (indices != static_cast<size_t>(block.getRank()))
    return op->emitOpError() << "needs one index per axis of " << block << ", but has " << indices;
  std::optional<int64_t> inBlock = elementCountOf(block.getShape()), inTensor = elementCountOf(moved.getShape());
  if (!inBlock || inBlock != inTensor || block.getElementType() != moved.getElementType())
    return op->emitOpError() << "must move a block of " << block << ", but the tensor is " << moved;
  return success();
}

LogicalResult DescriptorLoadOp::verify() { return verifyTransfer(*this, getDesc(), getResult(), getIndices().size()); }
LogicalResult ExperimentalDescriptorLoadOp::verify() {
  return verifyTransfer(*this, getDesc(), getResult(), getIndices().size());
}
LogicalResult DescriptorStoreOp::verify() { return verifyTransfer(*this, getDesc(), getSrc(), getIndices().size()); }
LogicalResult ExperimentalDescriptorStoreOp::verify() {
  return verifyTransfer(*this, getDesc(), getSrc(), getIndices().size());
}
LogicalResult DescriptorReduceOp::verify() { return verifyTransfer(*this, getDesc(), getSrc(), getIndices().size()); }

/// The block is one row; the tensor has a row per offset. Upstream's minimum sizes are those of other hardware.
static LogicalResult verifyRows(Operation *op, Value descriptor, Value offsets, Value tensor) {
  auto rows = cast<RankedTensorType>(offsets.getType()), moved = cast<RankedTensorType>(tensor.getType());
  if (rows.getRank() != 1 || moved.getRank() != 2 || rows.getDimSize(0) != moved.getDimSize(0))
    return op->emitOpError() << "needs offsets of rank 1 and a tensor of rank 2 with a row for each, but has " << rows
                             << " and " << moved;
  auto type = dyn_cast<TensorDescType>(descriptor.getType());
  if (!type)
    return success();
  RankedTensorType block = type.getSignlessBlockType();
  if (block.getRank() != 2 || block.getDimSize(0) != 1)
    return op->emitOpError() << "needs a descriptor of one row, but its block is " << block;
  if (block.getDimSize(1) != moved.getDimSize(1) || block.getElementType() != moved.getElementType())
    return op->emitOpError() << "must move rows of " << block << ", but the tensor is " << moved;
  return success();
}

LogicalResult DescriptorGatherOp::verify() { return verifyRows(*this, getDesc(), getXOffsets(), getResult()); }
LogicalResult ExperimentalDescriptorGatherOp::verify() {
  return verifyRows(*this, getDesc(), getXOffsets(), getResult());
}
LogicalResult DescriptorScatterOp::verify() { return verifyRows(*this, getDesc(), getXOffsets(), getSrc()); }
LogicalResult ExperimentalDescriptorScatterOp::verify() {
  return verifyRows(*this, getDesc(), getXOffsets(), getSrc());
}

} // namespace rblnc::tt
