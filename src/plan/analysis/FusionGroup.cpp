#include "FusionGroup.h"

#include "rblnc/rbln/Dialect.h"

using namespace mlir;

namespace rblnc::plan {

bool isElementwise(linalg::GenericOp op) {
  return op.getNumLoops() == op.getNumParallelLoops() && op.getNumDpsInits() == 1 &&
         op.getIndexingMapMatchingResult(op->getResult(0)).isIdentity();
}

bool isDataMovement(linalg::GenericOp op) {
  if (!isElementwise(op) || op.getNumDpsInputs() != 1)
    return false;
  auto yield = cast<linalg::YieldOp>(op.getBody()->getTerminator());
  return yield.getOperand(0) == op.getBody()->getArgument(0);
}

OperandRange inputsOf(Operation *op) {
  if (auto generic = dyn_cast<linalg::GenericOp>(op))
    return generic.getInputs();
  return cast<rbln::ReduceOp>(op).getInputs();
}

AffineMap operandMap(Operation *op, unsigned index) {
  if (auto generic = dyn_cast<linalg::GenericOp>(op))
    return generic.getIndexingMapsArray()[index];
  auto type = cast<ShapedType>(op->getOperand(index).getType());
  return AffineMap::getMultiDimIdentityMap(type.getRank(), op->getContext());
}

bool FusionGroup::isRowScalar(Value value) const {
  if (axis < 0)
    return false;
  ArrayRef<int64_t> extents = cast<ShapedType>(value.getType()).getShape();
  return extents[axis] == 1 && shape[axis] != 1;
}

std::optional<Fit> fits(Operation *op, const FusionGroup &group, ArrayRef<const GroupRef *> refs) {
  Fit fit{group.axis, false};
  if (auto reduce = dyn_cast<rbln::ReduceOp>(op)) {
    if (cast<ShapedType>(op->getOperand(0).getType()).getShape() != ArrayRef(group.shape))
      return std::nullopt;
    int axis = static_cast<int>(reduce.getAxis());
    if (group.axis >= 0 && group.axis != axis)
      return std::nullopt;
    // With rows of one element a second reduction could be fed by the first, and a row scalar cannot be reduced.
    if (group.axis >= 0 && group.shape[axis] == 1)
      return std::nullopt;
    fit.axis = axis;
  } else {
    ArrayRef<int64_t> shape = cast<ShapedType>(op->getResult(0).getType()).getShape();
    if (shape != ArrayRef(group.shape)) {
      if (group.axis < 0 || shape.size() != group.shape.size() || shape[group.axis] != 1)
        return std::nullopt;
      for (size_t d = 0; d < shape.size(); ++d)
        if (static_cast<int>(d) != group.axis && shape[d] != group.shape[d])
          return std::nullopt;
      fit.rowScalar = true;
    }
  }
  for (auto [index, ref] : llvm::enumerate(refs)) {
    if (!ref)
      continue;
    auto loops = dimensionsOf(operandMap(op, index));
    ArrayRef<int64_t> base = cast<ShapedType>(ref->base.getType()).getShape();
    bool scalar = group.isRowScalar(ref->base);
    if ((fit.rowScalar || isa<rbln::ReduceOp>(op)) && scalar != fit.rowScalar && group.axis >= 0)
      return std::nullopt;
    if (base.size() != group.shape.size())
      return std::nullopt;
    // Every base dimension must be read at the same position of the index space; extent 1 is read at 0 in any case.
    for (size_t d = 0; d < base.size(); ++d) {
      int loop = ref->dims[d] < 0 ? -1 : (*loops)[ref->dims[d]];
      if (base[d] != 1 && loop != static_cast<int>(d))
        return std::nullopt;
      if (base[d] == 1 && group.shape[d] != 1 && static_cast<int>(d) != group.axis)
        return std::nullopt;
    }
  }
  return fit;
}

} // namespace rblnc::plan
