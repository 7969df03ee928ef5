// Strides and bounds follow the axes through shape operations.
#include "ShapeForms.h"

#include "ReshapeGroups.h"
#include "rblnc/triton/Dialect.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {

ArrayRef<int64_t> shapeOf(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? tensor.getShape() : ArrayRef<int64_t>();
}

bool hasOneElement(Type type) {
  return all_of(shapeOf(type), [](int64_t extent) { return extent == 1; });
}

bool isShapeOp(Operation *op) {
  return isa<tt::SplatOp, tt::BroadcastOp, tt::ExpandDimsOp, tt::ReshapeOp, tt::TransOp, tt::UnsplatOp>(op);
}

std::optional<LinearForm> reshaped(Operation *op, const LinearForm &source) {
  ArrayRef<int64_t> from = shapeOf(op->getOperand(0).getType());
  ArrayRef<int64_t> to = shapeOf(op->getResult(0).getType());
  LinearForm form = source.origin();
  if (isa<tt::SplatOp, tt::UnsplatOp>(op)) {
    form.strides.resize(to.size(), 0);
  } else if (isa<tt::BroadcastOp>(op)) {
    form.strides = source.strides; // An axis of extent 1 has stride 0, which is what repeats it.
  } else if (auto trans = dyn_cast<tt::TransOp>(op)) {
    for (int32_t axis : trans.getOrder())
      form.strides.push_back(source.strides[axis]);
  } else {
    std::optional<SmallVector<int64_t, 6>> strides = reshapeStrides(from, source.strides, to);
    if (!strides)
      return std::nullopt;
    form.strides = std::move(*strides);
  }
  return form;
}

/// The axis of the result that a source axis becomes by a reshape that only adds or removes unit axes beside it.
static std::optional<unsigned> followAxis(ArrayRef<int64_t> from, ArrayRef<int64_t> to, unsigned axis) {
  for (const ReshapeGroup &group : groupAxes(from, to)) {
    if (axis < group.fromBegin || axis >= group.fromEnd)
      continue;
    int64_t elements = 1;
    for (unsigned source = group.fromBegin; source < group.fromEnd; ++source)
      elements *= from[source];
    for (unsigned target = group.toBegin; target < group.toEnd; ++target)
      if (elements == from[axis] && to[target] == elements)
        return target;
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<MaskForm> reshaped(Operation *op, const MaskForm &source) {
  if (isa<tt::SplatOp, tt::UnsplatOp, tt::BroadcastOp>(op))
    return source;
  ArrayRef<int64_t> from = shapeOf(op->getOperand(0).getType());
  ArrayRef<int64_t> to = shapeOf(op->getResult(0).getType());
  MaskForm form = source;
  for (Bound &bound : form.bounds) {
    if (auto trans = dyn_cast<tt::TransOp>(op)) {
      bound.axis = find(trans.getOrder(), static_cast<int32_t>(bound.axis)) - trans.getOrder().begin();
    } else if (std::optional<unsigned> axis = followAxis(from, to, bound.axis)) {
      bound.axis = *axis;
    } else {
      return std::nullopt;
    }
  }
  return form;
}

} // namespace rblnc::lower
