#include "Layout.h"

#include "FusionGroup.h"

#include "rblnc/npu/Dialect.h"
#include "rblnc/rbln/Dialect.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace rblnc::plan {

static int64_t product(ArrayRef<int64_t> extents) {
  int64_t result = 1;
  for (int64_t extent : extents)
    result *= extent;
  return result;
}

Layout denseLayout(ArrayRef<int64_t> shape) { return {denseStrides(shape), product(shape)}; }

int64_t elementsInLines(ArrayRef<int64_t> shape, int64_t lineElements) {
  int64_t elements = product(shape), padded = 0;
  if (shape.empty() || shape.back() == 1 || shape.back() == elements)
    return elements;
  int64_t rows = elements / shape.back();
  // A tensor has at most 2^58 elements, so a last dimension can be rounded up.
  auto roundedUp = static_cast<int64_t>(llvm::alignTo(static_cast<uint64_t>(shape.back()), lineElements));
  if (llvm::MulOverflow(rows, roundedUp, padded) || padded > npu::maxElements)
    return elements;
  return padded;
}

Layout lineLayout(ArrayRef<int64_t> shape, int64_t lineElements) {
  Layout layout = denseLayout(shape);
  int64_t padded = elementsInLines(shape, lineElements);
  if (padded == layout.elements)
    return layout;
  Extents rows(shape);
  rows.back() = padded / (layout.elements / shape.back());
  return {denseStrides(rows), padded};
}

namespace {

/// One tensor in both layouts.
struct Candidates {
  Extents lines, dense;
};

/// How far a tensor is followed. Canonical kernels do not have longer chains of operations that move nothing.
constexpr unsigned mostHops = 8;

Extents through(AffineMap map, ArrayRef<int64_t> strides) {
  View view;
  view.strides.assign(strides.begin(), strides.end());
  return view.stridesThrough(map);
}

/// Whether those who read a tensor need it dense; nothing when they do not care.
std::optional<bool> needDense(Value tensor, const Candidates &candidates, unsigned hops,
                              function_ref<bool(Operation *)> isIgnored);

/// The same for what reads an operation's result, or for the operation itself.
std::optional<bool> needsDense(Operation *user, const Candidates &candidates, unsigned hops,
                               function_ref<bool(Operation *)> isIgnored) {
  if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(user)) {
    ArrayRef<int64_t> from = cast<ShapedType>(user->getOperand(0).getType()).getShape();
    ArrayRef<int64_t> to = cast<ShapedType>(user->getResult(0).getType()).getShape();
    auto lines = reshapeStrides(candidates.lines, from, to), dense = reshapeStrides(candidates.dense, from, to);
    if (!lines || !dense)
      return !lines && dense;
    return needDense(user->getResult(0), {*lines, *dense}, hops, isIgnored);
  }
  if (isa<rbln::StoreOp>(user))
    return std::nullopt;
  if (isa<tensor::ExtractSliceOp>(user))
    return needDense(user->getResult(0), candidates, hops, isIgnored);
  auto generic = dyn_cast<linalg::GenericOp>(user);
  if (!generic || !isDataMovement(generic) || !dimensionsOf(generic.getIndexingMapsArray()[0]))
    return false;
  AffineMap map = generic.getIndexingMapsArray()[0];
  return needDense(user->getResult(0), {through(map, candidates.lines), through(map, candidates.dense)}, hops,
                   isIgnored);
}

std::optional<bool> needDense(Value tensor, const Candidates &candidates, unsigned hops,
                              function_ref<bool(Operation *)> isIgnored) {
  std::optional<bool> all;
  for (Operation *user : tensor.getUsers()) {
    if (isIgnored(user))
      continue;
    if (hops == 0)
      return false;
    std::optional<bool> one = needsDense(user, candidates, hops - 1, isIgnored);
    if (one && !*one)
      return false;
    all = one ? one : all;
  }
  return all;
}

} // namespace

bool isReadDensely(Value tensor, int64_t lineElements, function_ref<bool(Operation *)> isIgnored) {
  ArrayRef<int64_t> shape = cast<ShapedType>(tensor.getType()).getShape();
  Layout lines = lineLayout(shape, lineElements), dense = denseLayout(shape);
  return lines.elements != dense.elements &&
         needDense(tensor, {lines.strides, dense.strides}, mostHops, isIgnored).value_or(false);
}

Layout layoutOf(Value tensor, int64_t lineElements) {
  ArrayRef<int64_t> shape = cast<ShapedType>(tensor.getType()).getShape();
  return isReadDensely(tensor, lineElements) ? denseLayout(shape) : lineLayout(shape, lineElements);
}

} // namespace rblnc::plan
