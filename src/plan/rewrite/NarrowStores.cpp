#include "NarrowStores.h"

#include "analysis/AccessBounds.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"

#include <optional>

using namespace mlir;

namespace rblnc::plan {
namespace {

/// Numbers beyond this are left alone, so that sums of two fit 64 bits.
constexpr int64_t largest = int64_t(1) << 60;

bool isModest(int64_t number) { return -largest <= number && number <= largest; }

/// base + scale * n, where n is the index at which rows are inserted.
struct Bound {
  int64_t base = 0, scale = 0;

  __int128 at(int64_t n) const { return __int128(scale) * n + base; }
};

/// The bounds of an index. What is linear in it is proven at both.
struct IndexRange {
  int64_t min, max;

  bool isNotMore(Bound a, Bound b) const { return a.at(min) <= b.at(min) && a.at(max) <= b.at(max); }
};

/// Rows i with from <= i < to, for each of both.
struct Rows {
  SmallVector<Bound, 3> from, to;
};

/// The dimensions of a block that have more than one position, in order: what reshapes that add or drop dimensions of
/// extent 1 leave as it is.
SmallVector<int64_t> wideDimensions(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> wide;
  for (auto [d, extent] : llvm::enumerate(shape))
    if (extent != 1)
      wide.push_back(static_cast<int64_t>(d));
  return wide;
}

SmallVector<int64_t> select(ArrayRef<int64_t> numbers, ArrayRef<int64_t> dimensions) {
  return llvm::map_to_vector(dimensions, [&](int64_t d) { return numbers[d]; });
}

ArrayRef<int64_t> shapeOf(Value tensor) { return cast<ShapedType>(tensor.getType()).getShape(); }

/// What a value is made of by reshapes that add or drop dimensions of extent 1.
Value unreshaped(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(op))
      break;
    Value source = op->getOperand(0);
    if (select(shapeOf(source), wideDimensions(shapeOf(source))) !=
        select(shapeOf(value), wideDimensions(shapeOf(value))))
      break;
    value = source;
  }
  return value;
}

template <typename Access> bool staysInside(Access access) {
  return !outsideOf(blockOf(access), access.getArray().getType().getNumElements());
}

/// Whether two indices have one value: with other bounds an index is made from the same integer again.
bool isSameIndex(Value a, Value b) {
  if (a == b)
    return true;
  auto first = a ? a.getDefiningOp<rbln::ToIndexOp>() : rbln::ToIndexOp();
  auto second = b ? b.getDefiningOp<rbln::ToIndexOp>() : rbln::ToIndexOp();
  return first && second && first.getValue() == second.getValue();
}

bool haveSameTerms(const ArrayBlock &a, const ArrayBlock &b) {
  return llvm::equal(a.terms, b.terms, isSameIndex) && a.scales == b.scales;
}

/// The first and the last element of a block without its clips; without its terms too, if asked.
std::pair<__int128, __int128> elementsOf(const ArrayBlock &block, bool withTerms) {
  __int128 first = block.offset, last = block.offset;
  auto add = [&](__int128 a, __int128 b) {
    first += std::min(a, b);
    last += std::max(a, b);
  };
  for (auto [extent, stride] : llvm::zip(block.shape, block.strides))
    add(0, __int128(stride) * (extent - 1));
  if (withTerms)
    for (auto [term, scale] : llvm::zip(block.terms, block.scales)) {
      auto bounds = cast<rbln::IndexType>(term.getType());
      add(__int128(scale) * bounds.getMin(), __int128(scale) * bounds.getMax());
    }
  return {first, last};
}

bool areApart(const ArrayBlock &a, const ArrayBlock &b) {
  bool withTerms = !haveSameTerms(a, b);
  auto [firstOfA, lastOfA] = elementsOf(a, withTerms);
  auto [firstOfB, lastOfB] = elementsOf(b, withTerms);
  return lastOfA < firstOfB || lastOfB < firstOfA;
}

/// Condition 5: whether nothing between the load and the store writes to the block.
bool isUntouchedBetween(rbln::LoadOp load, rbln::StoreOp store) {
  for (Operation *op = load->getNextNode(); op != store; op = op->getNextNode()) {
    bool mayTouch = false;
    op->walk([&](rbln::StoreOp other) {
      mayTouch |= other.getArray() == load.getArray() && !areApart(blockOf(other), blockOf(store));
    });
    if (mayTouch)
      return false;
  }
  return true;
}

/// A clip of one dimension, `dimension` counting those of more than one position. `term` is null when the clip is
/// static.
struct Clip {
  size_t dimension;
  Bound from, to;
  Value term;
  int64_t termNumber;

  bool operator==(const Clip &other) const {
    auto same = [](Bound a, Bound b) { return a.base == b.base && a.scale == b.scale; };
    return dimension == other.dimension && same(from, other.from) && same(to, other.to) &&
           isSameIndex(term, other.term);
  }
};

/// The clips of a block; none when one of them clips a dimension of extent 1 or has huge numbers.
std::optional<SmallVector<Clip>> clipsOf(const ArrayBlock &block) {
  SmallVector<Clip> clips;
  if (!block.clips)
    return clips;
  SmallVector<int64_t> wide = wideDimensions(block.shape);
  for (auto clip : block.clips.getAsRange<rbln::ClipAttr>()) {
    const auto *found = llvm::find(wide, clip.getAxis());
    if (found == wide.end() || !isModest(clip.getLo()) || !isModest(clip.getHi()) || !isModest(clip.getLoScale()) ||
        !isModest(clip.getHiScale()))
      return std::nullopt;
    bool isStatic = clip.getTerm() < 0 || (clip.getLoScale() == 0 && clip.getHiScale() == 0);
    clips.push_back({static_cast<size_t>(found - wide.begin()),
                     {clip.getLo(), isStatic ? 0 : clip.getLoScale()},
                     {clip.getHi(), isStatic ? 0 : clip.getHiScale()},
                     isStatic ? Value() : block.clipTerms[clip.getTerm()],
                     isStatic ? -1 : clip.getTerm()});
  }
  return clips;
}

/// Takes the clips of one dimension out of a list; none when one of them depends on another index.
std::optional<Rows> takeRows(SmallVector<Clip> &clips, size_t dimension, Value index) {
  Rows rows;
  for (const Clip &clip : clips)
    if (clip.dimension == dimension) {
      if (clip.term && !isSameIndex(clip.term, index))
        return std::nullopt;
      rows.from.push_back(clip.from);
      rows.to.push_back(clip.to);
    }
  llvm::erase_if(clips, [&](const Clip &clip) { return clip.dimension == dimension; });
  return rows;
}

/// Whether rows that lie within all bounds of `rows` lie within those of `other`, for every value of the index.
bool isWithin(const Rows &rows, const Rows &other, IndexRange range) {
  for (Bound from : rows.from)
    for (Bound to : rows.to)
      if (range.isNotMore(to, from))
        return true; // there are none
  return llvm::all_of(other.from,
                      [&](Bound limit) {
                        return llvm::any_of(rows.from, [&](Bound from) { return range.isNotMore(limit, from); });
                      }) &&
         llvm::all_of(other.to, [&](Bound limit) {
           return llvm::any_of(rows.to, [&](Bound to) { return range.isNotMore(to, limit); });
         });
}

/// Condition 4, for an insertion of `count` rows into a block of `extent`.
bool areOtherRowsLoaded(Rows stored, const Rows &loaded, int64_t extent, int64_t count, IndexRange range) {
  stored.from.push_back({0, 0});
  stored.to.push_back({extent, 0});
  Rows before = stored, behind = stored;
  before.to.push_back({0, 1});
  behind.from.push_back({count, 1});
  return isWithin(before, loaded, range) && isWithin(behind, loaded, range);
}

/// The clips of the new store along its axis, whose row r is the block's row n + r: row 0 of `count` and beyond, but
/// only rows that the old store wrote, and that the block of `extent` rows has. Bounds that never matter are left out.
SmallVector<std::pair<Bound, Bound>> clipsOfNewRows(const Rows &stored, int64_t extent, int64_t count,
                                                    IndexRange range) {
  // By slope. The first is that of rows that stay where they are; fixed bounds are none of the index.
  SmallVector<std::pair<Bound, Bound>> clips{{{0, -1}, {extent, -1}}, {{0, 0}, {count, 0}}};
  auto add = [&](Bound bound, bool isFrom) {
    bound.scale -= 1;
    auto *clip =
        llvm::find_if(clips, [&](auto &clip) { return (isFrom ? clip.first : clip.second).scale == bound.scale; });
    if (clip == clips.end())
      clips.push_back(isFrom ? std::pair(bound, Bound{count, 0}) : std::pair(Bound{0, 0}, bound));
    else if (isFrom)
      clip->first.base = std::max(clip->first.base, bound.base);
    else
      clip->second.base = std::min(clip->second.base, bound.base);
  };
  for (Bound from : stored.from)
    add(from, true);
  for (Bound to : stored.to)
    add(to, false);
  for (auto &[from, to] : clips) {
    if (range.isNotMore(from, {0, 0}))
      from = {0, 0};
    if (range.isNotMore({count, 0}, to))
      to = {count, 0};
  }
  llvm::erase_if(clips, [&](auto &clip) {
    return clip.first.base == 0 && clip.first.scale == 0 && clip.second.base == count && clip.second.scale == 0;
  });
  return clips;
}

/// Puts a store of the inserted rows in the place of a store of the whole block, where the conditions hold. Gives
/// whether they do.
bool narrow(rbln::StoreOp store) {
  auto insert = unreshaped(store.getValue()).getDefiningOp<rbln::InsertOp>();
  auto load = insert ? unreshaped(insert.getData()).getDefiningOp<rbln::LoadOp>() : rbln::LoadOp();
  if (!load || load->getBlock() != store->getBlock() || load.getArray() != store.getArray())
    return false;
  ArrayBlock loadedBlock = blockOf(load), storedBlock = blockOf(store);
  ArrayRef<int64_t> shape = shapeOf(insert.getResult());
  SmallVector<int64_t> wideLoaded = wideDimensions(loadedBlock.shape), wideStored = wideDimensions(storedBlock.shape),
                       wide = wideDimensions(shape);
  if (loadedBlock.offset != storedBlock.offset || !haveSameTerms(loadedBlock, storedBlock) ||
      select(loadedBlock.strides, wideLoaded) != select(storedBlock.strides, wideStored))
    return false;
  auto axis = static_cast<int64_t>(insert.getAxis());
  const auto *place = llvm::find(wide, axis);
  if (place == wide.end())
    return false; // one row: nothing stays as it was
  auto dimension = static_cast<size_t>(place - wide.begin());
  int64_t stride = storedBlock.strides[wideStored[dimension]];
  int64_t extent = shape[axis], count = shapeOf(insert.getUpdates())[axis];

  Value index = insert.getIndex();
  auto bounds = cast<rbln::IndexType>(index.getType());
  IndexRange range{bounds.getMin(), bounds.getMax()};
  auto loadedClips = clipsOf(loadedBlock), storedClips = clipsOf(storedBlock);
  if (!loadedClips || !storedClips)
    return false;
  auto loaded = takeRows(*loadedClips, dimension, index), stored = takeRows(*storedClips, dimension, index);
  if (!loaded || !stored || *loadedClips != *storedClips ||
      !areOtherRowsLoaded(*stored, *loaded, extent, count, range) || !isUntouchedBetween(load, store) ||
      !staysInside(load) || !staysInside(store))
    return false;

  OpBuilder builder(store);
  SmallVector<int64_t> strides(shape.size(), 0);
  for (auto [d, from] : llvm::zip(wide, wideStored))
    strides[d] = storedBlock.strides[from];
  auto join = [](auto range, auto last) {
    SmallVector<decltype(last)> joined(range.begin(), range.end());
    joined.push_back(last);
    return joined;
  };
  SmallVector<Value> terms = join(storedBlock.terms, index), clipTerms = join(storedBlock.clipTerms, index);
  auto indexNumber = static_cast<int64_t>(clipTerms.size()) - 1;
  SmallVector<Attribute> clips;
  auto addClip = [&](int64_t axis, Bound from, Bound to, int64_t term) {
    clips.push_back(rbln::ClipAttr::get(builder.getContext(), axis, from.base, to.base, term, from.scale, to.scale));
  };
  for (auto [from, to] : clipsOfNewRows(*stored, extent, count, range))
    addClip(axis, from, to, from.scale == 0 && to.scale == 0 ? -1 : indexNumber);
  for (const Clip &clip : *storedClips)
    addClip(wide[clip.dimension], clip.from, clip.to, clip.termNumber);
  auto narrowed =
      rbln::StoreOp::create(builder, store.getLoc(), insert.getUpdates(), store.getArray(), terms, clipTerms,
                            static_cast<uint64_t>(storedBlock.offset), join(storedBlock.scales, stride), strides,
                            clips.empty() ? ArrayAttr() : builder.getArrayAttr(clips));
  // A proof that is weaker for the new store must not refuse what was accepted.
  if (!staysInside(narrowed)) {
    narrowed->erase();
    return false;
  }
  Value written = store.getValue();
  store->erase();
  // Where nothing but the store used the block, it need not be loaded either.
  for (Value value = written; value.use_empty();) {
    Operation *unused = value.getDefiningOp();
    bool isLoad = unused == load;
    value = unused == insert ? insert.getData() : unused->getOperand(0);
    unused->erase();
    if (isLoad)
      break;
  }
  return true;
}

} // namespace

int64_t narrowStores(func::FuncOp kernel) {
  SmallVector<rbln::StoreOp> stores;
  kernel.walk([&](rbln::StoreOp store) { stores.push_back(store); });
  return llvm::count_if(stores, narrow);
}

} // namespace rblnc::plan
