// Verifiers of the rbln operations.
#include "rblnc/rbln/Dialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace rblnc::rbln;

#define GET_OP_CLASSES
#include "rblnc/rbln/RBLNOps.cpp.inc"

/// The checks that loads and stores share: ranks, element types and clips. That addresses stay inside the array is
/// proven by the planner, which knows the bounds of every term.
template <typename Op> static LogicalResult verifyAccess(Op op, ShapedType block) {
  ArrayType array = op.getArray().getType();
  if (array.getElementType() != block.getElementType())
    return op.emitOpError() << "moves " << block.getElementType() << " but the array holds " << array.getElementType();
  if (static_cast<int64_t>(op.getStrides().size()) != block.getRank())
    return op.emitOpError() << "has " << op.getStrides().size() << " strides for a block of rank " << block.getRank();
  if (op.getScales().size() != op.getTerms().size())
    return op.emitOpError() << "has " << op.getScales().size() << " scales for " << op.getTerms().size() << " terms";
  ArrayAttr clips = op.getClipsAttr();
  if (!clips)
    return success();
  for (Attribute attribute : clips) {
    auto clip = cast<ClipAttr>(attribute);
    if (clip.getAxis() < 0 || clip.getAxis() >= block.getRank())
      return op.emitOpError() << "clips axis " << clip.getAxis() << " of a block of rank " << block.getRank();
    if (clip.getTerm() < -1 || clip.getTerm() >= static_cast<int64_t>(op.getClipTerms().size()))
      return op.emitOpError() << "clip uses term " << clip.getTerm() << " of " << op.getClipTerms().size();
  }
  return success();
}

LogicalResult LoadOp::verify() {
  auto block = cast<ShapedType>(getResult().getType());
  if (auto padding = getPadding(); padding && padding->getType() != block.getElementType())
    return emitOpError() << "pads with " << padding->getType() << " but loads " << block.getElementType();
  if (auto padding = getPadding(); padding && !isa<FloatAttr, IntegerAttr>(*padding))
    return emitOpError() << "pads with something else than a number";
  return verifyAccess(*this, block);
}

LogicalResult StoreOp::verify() { return verifyAccess(*this, cast<ShapedType>(getValue().getType())); }

void ToIndexOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  // What stops a run is not removed, though nobody uses the index.
  if (getChecksAttr())
    effects.emplace_back(MemoryEffects::Write::get());
}

LogicalResult ToIndexOp::verify() {
  auto type = cast<ShapedType>(getValue().getType());
  if (type.getNumElements() != 1 || !type.getElementType().isInteger())
    return emitOpError() << "needs one integer, but got " << type;
  if (ArrayAttr checks = getChecksAttr())
    for (auto check : checks.getAsRange<OverflowAttr>()) {
      size_t count = 1 + getOthers().size();
      if (check.getLhs().size() != 1 + count || check.getRhs().size() != 1 + count)
        return emitOpError() << "has a check with a number of factors other than that of its integers";
      if (llvm::any_of(check.getUnless(), [&](int64_t number) { return number < 0 || number >= int64_t(count); }))
        return emitOpError() << "has a check that depends on an integer that is not there";
    }
  return success();
}

LogicalResult ReduceOp::verify() {
  if (getInputs().empty() || getInputs().size() != getResults().size())
    return emitOpError() << "needs as many results as inputs, and at least one";
  auto first = cast<ShapedType>(getInputs().front().getType());
  int64_t axis = static_cast<int64_t>(getAxis());
  if (axis < 0 || axis >= first.getRank())
    return emitOpError() << "reduces axis " << axis << " of rank " << first.getRank();
  SmallVector<int64_t> reduced(first.getShape());
  reduced[axis] = 1;
  Block &block = getCombiner().front();
  size_t count = getInputs().size();
  if (block.getNumArguments() != 2 * count)
    return emitOpError() << "combiner needs " << 2 * count << " arguments";
  auto yield = dyn_cast<YieldOp>(block.getTerminator());
  if (!yield || yield.getValues().size() != count)
    return emitOpError() << "combiner must yield " << count << " values";
  for (size_t i = 0; i < count; ++i) {
    auto input = cast<ShapedType>(getInputs()[i].getType());
    auto result = cast<ShapedType>(getResults()[i].getType());
    Type element = input.getElementType();
    if (input.getShape() != first.getShape() || result.getShape() != ArrayRef(reduced) ||
        result.getElementType() != element)
      return emitOpError() << "result " << i << " must be the input's type with extent 1 at axis " << axis;
    if (block.getArgument(i).getType() != element || block.getArgument(count + i).getType() != element ||
        yield.getValues()[i].getType() != element)
      return emitOpError() << "combiner must work on " << element << " for operand " << i;
  }
  return success();
}
