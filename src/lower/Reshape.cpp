// Reshapes as tensor.collapse_shape and tensor.expand_shape.
#include "Lowering.h"
#include "ReshapeGroups.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {

Value Lowering::reshape(Value source, ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(source.getType());
  if (type.getShape() == shape)
    return source;
  // There and back is nothing: every reshape keeps the order of the elements.
  for (Operation *op = source.getDefiningOp(); isa_and_nonnull<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op);
       op = op->getOperand(0).getDefiningOp())
    if (cast<RankedTensorType>(op->getOperand(0).getType()).getShape() == shape)
      return op->getOperand(0);
  SmallVector<ReshapeGroup> groups = groupAxes(type.getShape(), shape);
  SmallVector<ReassociationIndices> collapse, expand;
  SmallVector<int64_t> middle;
  for (const ReshapeGroup &group : groups) {
    int64_t extent = 1;
    for (unsigned axis = group.fromBegin; axis < group.fromEnd; ++axis)
      extent *= type.getDimSize(axis);
    middle.push_back(extent);
    collapse.emplace_back(to_vector(seq<int64_t>(group.fromBegin, group.fromEnd)));
    expand.emplace_back(to_vector(seq<int64_t>(group.toBegin, group.toEnd)));
  }
  Type element = type.getElementType();
  if (type.getShape() != ArrayRef(middle))
    source = tensor::CollapseShapeOp::create(builder, loc, RankedTensorType::get(middle, element), source, collapse);
  if (ArrayRef(middle) != shape)
    source = tensor::ExpandShapeOp::create(builder, loc, RankedTensorType::get(shape, element), source, expand);
  return source;
}

} // namespace rblnc::lower
