#include "Blocks.h"

#include "rblnc/rbln/Dialect.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace mlir;

namespace rblnc::plan {

std::optional<MemoryBlock> memoryBlockOf(Operation *op) {
  auto make = [](auto access, Value tensor) {
    ArrayRef<int64_t> shape = cast<ShapedType>(tensor.getType()).getShape();
    return MemoryBlock{cast<BlockArgument>(access.getArray()),
                       tensor,
                       Extents(shape),
                       static_cast<int64_t>(access.getOffset()),
                       Extents(access.getStrides()),
                       access.getTerms(),
                       access.getScales(),
                       access.getClipsAttr(),
                       access.getClipTerms()};
  };
  if (auto load = dyn_cast<rbln::LoadOp>(op))
    return make(load, load.getResult());
  if (auto store = dyn_cast<rbln::StoreOp>(op))
    return make(store, store.getValue());
  return std::nullopt;
}

MemoryBlock MemoryBlock::part(llvm::function_ref<Tile(Value, int64_t)> tileOf) const {
  MemoryBlock result = *this;
  Extents starts;
  for (size_t d = 0; d < shape.size(); ++d) {
    Tile tile = tileOf(tensor, static_cast<int64_t>(d));
    starts.push_back(tile.start);
    result.shape[d] = tile.size;
    result.offset += tile.start * strides[d];
  }
  result.clips = shifted(clips, starts);
  return result;
}

bool MemoryBlock::hasSamePlaceAs(const MemoryBlock &other) const {
  return array == other.array && shape == other.shape && offset == other.offset && strides == other.strides &&
         llvm::equal(terms, other.terms) && scales == other.scales;
}

bool MemoryBlock::isInjective() const {
  SmallVector<std::pair<int64_t, int64_t>, 6> dimensions; // stride, extent
  for (auto [stride, extent] : llvm::zip(strides, shape))
    if (extent > 1)
      dimensions.push_back({std::abs(stride), extent});
  llvm::sort(dimensions);
  __int128 reach = 0;
  for (auto [stride, extent] : dimensions) {
    if (stride <= reach)
      return false;
    reach += __int128(stride) * (extent - 1);
  }
  return true;
}

ArrayAttr shifted(ArrayAttr clips, ArrayRef<int64_t> starts) {
  if (!clips)
    return {};
  SmallVector<Attribute> moved;
  for (auto clip : clips.getAsRange<rbln::ClipAttr>()) {
    int64_t start = starts[clip.getAxis()];
    moved.push_back(rbln::ClipAttr::get(clips.getContext(), clip.getAxis(), clip.getLo() - start, clip.getHi() - start,
                                        clip.getTerm(), clip.getLoScale(), clip.getHiScale()));
  }
  return ArrayAttr::get(clips.getContext(), moved);
}

Footprint footprintOf(const MemoryBlock &block) {
  // As the transfer that it becomes.
  MLIRContext *context = block.array.getContext();
  SmallVector<Value> indices;
  SmallVector<Attribute> registers;
  auto registerOf = [&](Value index) -> int64_t {
    auto found = llvm::find(indices, index);
    if (found != indices.end())
      return found - indices.begin();
    auto bounds = cast<rbln::IndexType>(index.getType());
    indices.push_back(index);
    registers.push_back(npu::RegisterAttr::get(context, bounds.getMin(), bounds.getMax(), ""));
    return static_cast<int64_t>(indices.size()) - 1;
  };
  SmallVector<int64_t> terms;
  for (Value term : block.terms)
    terms.push_back(registerOf(term));
  SmallVector<Attribute> clips;
  if (block.clips)
    for (auto clip : block.clips.getAsRange<rbln::ClipAttr>())
      clips.push_back(npu::ClipAttr::get(context, clip.getAxis(), clip.getLo(), clip.getHi(),
                                         clip.getTerm() < 0 ? -1 : registerOf(block.clipTerms[clip.getTerm()]),
                                         clip.getLoScale(), clip.getHiScale()));
  auto access = npu::AccessAttr::get(context, cast<ShapedType>(block.tensor.getType()).getElementType(), block.offset,
                                     block.strides, terms, block.scales);
  Touch touch{};
  touch.access = access;
  touch.shape.assign(block.shape);
  touch.clips = ArrayAttr::get(context, clips);
  return Footprint::of(touch, ArrayAttr::get(context, registers));
}

} // namespace rblnc::plan
