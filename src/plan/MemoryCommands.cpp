// Choosing commands: blocks of arrays become DMA transfers, dynamic indices become registers.
#include "CommandBuilder.h"

#include "rblnc/triton/Location.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

#include <fmt/format.h>

using namespace mlir;

namespace rblnc::plan {

npu::AccessAttr CommandBuilder::arrayAccess(Type element, int64_t offset, ArrayRef<int64_t> strides, ValueRange terms,
                                            ArrayRef<int64_t> scales) {
  SmallVector<int64_t> registers;
  for (Value term : terms)
    registers.push_back(registerOf.lookup(term));
  return npu::AccessAttr::get(builder.getContext(), element, offset, strides, registers, scales);
}

ArrayAttr CommandBuilder::registerClips(ArrayAttr clips, ValueRange terms) {
  if (!clips)
    return {};
  SmallVector<Attribute> result;
  for (auto clip : clips.getAsRange<rbln::ClipAttr>())
    result.push_back(npu::ClipAttr::get(builder.getContext(), clip.getAxis(), clip.getLo(), clip.getHi(),
                                        clip.getTerm() < 0 ? -1 : registerOf.lookup(terms[clip.getTerm()]),
                                        clip.getLoScale(), clip.getHiScale()));
  return builder.getArrayAttr(result);
}

/// Proves that every address that the block can reach lies in the array. Static clips narrow the block first; dynamic
/// ones are enforced with the value at run time, so for their axes the array's own clip is trusted to be right only as
/// far as the emulator's bounds check goes.
LogicalResult CommandBuilder::checkBlock(Operation *op, rbln::ArrayType array, StringRef name, ArrayRef<int64_t> shape,
                                         int64_t offset, ArrayRef<int64_t> strides, ValueRange terms,
                                         ArrayRef<int64_t> scales, ArrayAttr clips) {
  // All sums are made in 128 bits: extents, strides and offsets are at most 63 bits wide each.
  __int128 low = offset, high = offset;
  for (auto [term, scale] : llvm::zip(terms, scales)) {
    auto bounds = cast<rbln::IndexType>(term.getType());
    __int128 a = __int128(bounds.getMin()) * scale, b = __int128(bounds.getMax()) * scale;
    low += std::min(a, b);
    high += std::max(a, b);
  }
  for (auto [axis, extent] : llvm::enumerate(shape)) {
    int64_t first = 0, last = extent - 1;
    if (clips)
      for (auto clip : clips.getAsRange<rbln::ClipAttr>()) {
        if (clip.getAxis() != static_cast<int64_t>(axis))
          continue;
        if (clip.getTerm() >= 0)
          return success();
        first = std::max(first, clip.getLo());
        last = std::min(last, clip.getHi() - 1);
      }
    if (first > last)
      return success(); // Nothing of the block is touched.
    __int128 a = __int128(first) * strides[axis], b = __int128(last) * strides[axis];
    low += std::min(a, b);
    high += std::max(a, b);
  }
  int64_t count = array.getNumElements();
  if (low >= 0 && high < count)
    return success();
  __int128 worst = low < 0 ? low : high;
  std::string reached = worst > INT64_MAX ? "beyond 2^63" : fmt::format("{}", static_cast<int64_t>(worst));
  diagnostics.report(
      Code::C009, fmt::format("the block reaches element {} of '{}', which has {}", reached, name.str(), count),
      framesOf(op->getLoc()), "mend the block's shape, strides or offsets, or declare the array with --shape");
  return failure();
}

LogicalResult CommandBuilder::visitLoad(rbln::LoadOp op) {
  auto type = cast<ShapedType>(op.getResult().getType());
  Value memory = arrays.lookup(op.getArray());
  StringRef name = cast<npu::ArgumentOp>(memory.getDefiningOp()).getName();
  if (failed(checkBlock(op, op.getArray().getType(), name, type.getShape(), op.getOffset(), op.getStrides(),
                        op.getTerms(), op.getScales(), op.getClipsAttr())))
    return failure();
  View view = allocate(type, op.getLoc());
  TypedAttr fill;
  if (op.getClips())
    fill = op.getPadding() ? *op.getPadding() : TypedAttr(builder.getZeroAttr(view.element));
  npu::DmaOp::create(builder, op.getLoc(), queue(npu::Unit::NeuralDma), type.getShape(), memory,
                     arrayAccess(view.element, op.getOffset(), op.getStrides(), op.getTerms(), op.getScales()),
                     view.buffer, access(view, view.strides), registerClips(op.getClipsAttr(), op.getClipTerms()),
                     fill);
  views[op.getResult()] = view;
  return success();
}

LogicalResult CommandBuilder::visitStore(rbln::StoreOp op) {
  auto type = cast<ShapedType>(op.getValue().getType());
  Value memory = arrays.lookup(op.getArray());
  StringRef name = cast<npu::ArgumentOp>(memory.getDefiningOp()).getName();
  if (failed(checkBlock(op, op.getArray().getType(), name, type.getShape(), op.getOffset(), op.getStrides(),
                        op.getTerms(), op.getScales(), op.getClipsAttr())))
    return failure();
  View view = materialize(op.getValue(), op.getLoc());
  npu::DmaOp::create(builder, op.getLoc(), queue(npu::Unit::TaskDma), type.getShape(), view.buffer,
                     access(view, view.strides), memory,
                     arrayAccess(view.element, op.getOffset(), op.getStrides(), op.getTerms(), op.getScales()),
                     registerClips(op.getClipsAttr(), op.getClipTerms()), TypedAttr());
  return success();
}

int64_t CommandBuilder::loadRegister(const View &view, int64_t min, int64_t max, StringRef name, Location location) {
  auto number = static_cast<int64_t>(registerList.size());
  registerList.push_back(npu::RegisterAttr::get(builder.getContext(), min, max, name));
  npu::LoadScalarOp::create(builder, location, queue(npu::Unit::CommandProcessor), number, view.buffer,
                            access(view, {}));
  return number;
}

/// What users call the integer that an index is made of: "seq_idx[3]", the element of an array in row-major order, or
/// the Python name of what was computed.
static std::string nameOf(Value integer) {
  Value source = integer;
  while (Operation *op = source.getDefiningOp()) {
    if (auto load = dyn_cast<rbln::LoadOp>(op)) {
      auto function = cast<func::FuncOp>(load->getParentOfType<func::FuncOp>());
      auto argument = dyn_cast<BlockArgument>(load.getArray());
      auto name = argument && argument.getOwner()->getParentOp() == function
                      ? function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), "rbln.name")
                      : StringAttr();
      if (!name || !load.getTerms().empty())
        break;
      bool isScalar = load.getArray().getType().getShape().empty();
      return name.str() + (isScalar ? "" : "[" + std::to_string(load.getOffset()) + "]");
    }
    if (!isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(op))
      break;
    source = op->getOperand(0);
  }
  auto named = dyn_cast<NameLoc>(integer.getLoc());
  return named ? named.getName().str() : std::string();
}

LogicalResult CommandBuilder::visitToIndex(rbln::ToIndexOp op) {
  View view = materialize(op.getValue(), op.getLoc());
  rbln::IndexType bounds = op.getResult().getType();
  registerOf[op.getResult()] = loadRegister(view, bounds.getMin(), bounds.getMax(), nameOf(op.getValue()), op.getLoc());
  return success();
}

} // namespace rblnc::plan
