// Choosing commands: pieces of tensors that are put together or taken out. Neither moves anything where it can be
// helped: a piece is written where it belongs in the whole, and a part of a tensor is a view of it.
#include "CommandBuilder.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace rblnc::plan {

/// The tensor.concat that a value becomes a part of, on the same engine and in the same branch or outside of all.
static tensor::ConcatOp concatOf(Value value) {
  for (Operation *user : value.getUsers())
    if (auto concat = dyn_cast<tensor::ConcatOp>(user);
        concat && concat->getBlock() == value.getParentBlock() && llvm::count(concat.getInputs(), value) == 1)
      return concat;
  return nullptr;
}

/// The part of a view of the whole where operand `index` of a tensor.concat lies.
static View placeIn(const View &whole, tensor::ConcatOp concat, unsigned index) {
  View view = whole;
  auto dimension = static_cast<int64_t>(concat.getDim());
  for (Value earlier : concat.getInputs().take_front(index))
    view.offset += cast<ShapedType>(earlier.getType()).getDimSize(dimension) * whole.strides[dimension];
  return view;
}

View CommandBuilder::destinationOf(Value value, Location location) {
  tensor::ConcatOp concat = concatOf(value);
  if (!concat)
    return allocate(value, location);
  auto [found, isNew] = joined.try_emplace(concat);
  if (isNew)
    found->second = allocate(concat.getResult(), location);
  auto index = static_cast<unsigned>(llvm::find(concat.getInputs(), value) - concat.getInputs().begin());
  return placeIn(found->second, concat, index);
}

LogicalResult CommandBuilder::visitConcat(tensor::ConcatOp op) {
  auto [found, isNew] = joined.try_emplace(op);
  if (isNew)
    found->second = allocate(op.getResult(), op.getLoc());
  View whole = found->second;
  for (auto [index, piece] : llvm::enumerate(op.getInputs())) {
    View from = resolve(piece), to = placeIn(whole, op, static_cast<unsigned>(index));
    if (from.buffer != to.buffer || from.offset != to.offset || from.strides != to.strides)
      copy(from, to, cast<ShapedType>(piece.getType()).getShape(), op.getLoc());
  }
  views[op.getResult()] = whole;
  return success();
}

LogicalResult CommandBuilder::visitSlice(tensor::ExtractSliceOp op) {
  View view = resolve(op.getSource());
  if (!view.splat)
    for (auto [offset, stride] : llvm::zip(op.getStaticOffsets(), view.strides))
      view.offset += offset * stride;
  views[op.getResult()] = view;
  return success();
}

} // namespace rblnc::plan
