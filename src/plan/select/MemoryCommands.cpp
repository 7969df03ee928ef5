// Choosing commands: blocks of arrays become DMA transfers, dynamic indices become registers.
#include "CommandBuilder.h"
#include "tiling/TileKernel.h"

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

LogicalResult CommandBuilder::checkBlock(Operation *op, rbln::ArrayType array, StringRef name,
                                         const ArrayBlock &block) {
  int64_t count = array.getNumElements();
  std::optional<int64_t> outside = outsideOf(block, count);
  if (!outside)
    return success();
  std::string reached = *outside == INT64_MAX ? "beyond 2^63" : fmt::format("{}", *outside);
  diagnostics.report(
      Code::C009, fmt::format("the block reaches element {} of '{}', which has {}", reached, name.str(), count),
      framesOf(op->getLoc()), "mend the block's shape, strides or offsets, or declare the array with --shape");
  return failure();
}

LogicalResult CommandBuilder::visitLoad(rbln::LoadOp op) {
  auto type = cast<ShapedType>(op.getResult().getType());
  Value memory = arrays.lookup(op.getArray());
  StringRef name = cast<npu::ArgumentOp>(memory.getDefiningOp()).getName();
  if (failed(checkBlock(op, op.getArray().getType(), name, blockOf(op))))
    return failure();
  View view = destinationOf(op.getResult(), op.getLoc());
  TypedAttr fill;
  if (op.getClips())
    fill = op.getPadding() ? *op.getPadding() : TypedAttr(builder.getZeroAttr(view.element));
  auto load = [&](const View &to) {
    npu::DmaOp::create(builder, op.getLoc(), queue(npu::Unit::NeuralDma), type.getShape(), memory,
                       arrayAccess(view.element, op.getOffset(), op.getStrides(), op.getTerms(), op.getScales()),
                       to.buffer, access(to, to.strides), registerClips(op.getClipsAttr(), op.getClipTerms()), fill);
  };
  views[op.getResult()] = view;
  auto stage = op->getAttrOfType<IntegerAttr>(stageAttribute);
  if (!stage) {
    load(view);
    return success();
  }
  // The first engine that needs the block brings it into shared SRAM, from where all copy it. Parts of it on several
  // queues would arrive no sooner, and everyone would have to wait for each of them.
  auto [shared, isFirst] = stages.try_emplace(stage.getInt());
  if (isFirst) {
    shared->second = allocate(view.element, denseLayout(type.getShape()), op.getLoc());
    shared->second.buffer.getDefiningOp<npu::BufferOp>().setSpace(npu::Space::Shared);
    load(shared->second);
  }
  npu::DmaOp::create(builder, op.getLoc(), queue(npu::Unit::NeuralDma), type.getShape(), shared->second.buffer,
                     access(shared->second, shared->second.strides), view.buffer, access(view, view.strides),
                     ArrayAttr(), TypedAttr());
  return success();
}

LogicalResult CommandBuilder::visitStore(rbln::StoreOp op) {
  auto type = cast<ShapedType>(op.getValue().getType());
  Value memory = arrays.lookup(op.getArray());
  StringRef name = cast<npu::ArgumentOp>(memory.getDefiningOp()).getName();
  if (failed(checkBlock(op, op.getArray().getType(), name, blockOf(op))))
    return failure();
  npu::AccessAttr block =
      arrayAccess(type.getElementType(), op.getOffset(), op.getStrides(), op.getTerms(), op.getScales());
  if (auto slice = op.getValue().getDefiningOp<rbln::WindowSliceOp>(); slice && isStoredAtOnce(slice)) {
    moveSlice(slice, memory, block, op.getLoc());
    return success();
  }
  View view = materialize(op.getValue(), op.getLoc());
  npu::DmaOp::create(builder, op.getLoc(), queue(npu::Unit::TaskDma), type.getShape(), view.buffer,
                     access(view, view.strides), memory, block, registerClips(op.getClipsAttr(), op.getClipTerms()),
                     TypedAttr());
  return success();
}

int64_t CommandBuilder::loadRegister(const View &view, int64_t min, int64_t max, StringRef name, Location location,
                                     ArrayAttr checks) {
  auto number = static_cast<int64_t>(registerList.size());
  registerList.push_back(npu::RegisterAttr::get(builder.getContext(), min, max, name));
  npu::LoadScalarOp::create(builder, location, queue(npu::Unit::CommandProcessor), number, view.buffer,
                            access(view, {}), checks);
  return number;
}

/// The checks of an index with its integers as registers; `own` is the one that is being loaded.
ArrayAttr CommandBuilder::registerChecks(rbln::ToIndexOp op, int64_t own) {
  ArrayAttr checks = op.getChecksAttr();
  if (!checks)
    return {};
  SmallVector<int64_t> registers;
  for (Value other : op.getOthers())
    registers.push_back(registerOf.lookup(other));
  SmallVector<Attribute> result;
  for (auto check : checks.getAsRange<rbln::OverflowAttr>()) {
    SmallVector<int64_t> unless;
    for (int64_t number : check.getUnless())
      unless.push_back(number == 0 ? own : registers[static_cast<size_t>(number) - 1]);
    result.push_back(npu::OverflowAttr::get(builder.getContext(), check.getOperation(), check.getWidth(), registers,
                                            check.getLhs(), check.getRhs(), unless, check.getPartition(),
                                            check.getPlace()));
  }
  return builder.getArrayAttr(result);
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
  registerOf[op.getResult()] = loadRegister(view, bounds.getMin(), bounds.getMax(), nameOf(op.getValue()), op.getLoc(),
                                            registerChecks(op, static_cast<int64_t>(registerList.size())));
  return success();
}

} // namespace rblnc::plan
