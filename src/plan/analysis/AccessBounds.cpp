#include "AccessBounds.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace mlir;

namespace rblnc::plan {
namespace {

/// Sums and products that remember whether they overflowed. Factors are 64 bits wide, so that products fit.
class Wide {
public:
  Wide(__int128 value = 0) : value(value) {}
  Wide &operator+=(Wide other) {
    overflowed |= other.overflowed || __builtin_add_overflow(value, other.value, &value);
    return *this;
  }
  Wide operator*(Wide other) const {
    Wide product;
    product.overflowed = overflowed || other.overflowed || __builtin_mul_overflow(value, other.value, &product.value);
    return product;
  }

  __int128 value;
  bool overflowed = false;
};

__int128 floorDivide(__int128 a, __int128 b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

/// Part of an axis: what static clips leave of it, and the clip that depends on an index.
struct Axis {
  int64_t low, high;
  rbln::ClipAttr dynamic;
  Value term;
};

class Reach {
public:
  explicit Reach(const ArrayBlock &block) : block(block) {
    for (int64_t extent : block.shape)
      axes.push_back({0, extent, {}, {}});
    if (!block.clips)
      return;
    for (auto clip : block.clips.getAsRange<rbln::ClipAttr>()) {
      Axis &axis = axes[clip.getAxis()];
      if (clip.getTerm() >= 0) {
        // Another one could only narrow the axis more.
        if (!axis.dynamic)
          std::tie(axis.dynamic, axis.term) = std::pair(clip, block.clipTerms[clip.getTerm()]);
        continue;
      }
      axis.low = std::clamp(clip.getLo(), axis.low, axis.high);
      axis.high = std::clamp(clip.getHi(), axis.low, axis.high);
    }
  }

  bool isEmpty() const {
    return llvm::any_of(axes, [](const Axis &axis) { return axis.low >= axis.high; });
  }

  /// The greatest of sign times the elements that are touched.
  Wide greatest(int sign) const {
    Wide sum = Wide(block.offset) * sign;
    llvm::MapVector<Value, Wide> scales;
    for (auto [term, scale] : llvm::zip(block.terms, block.scales))
      scales[term] += Wide(scale) * sign;
    for (auto [d, axis] : llvm::enumerate(axes)) {
      if (axis.dynamic)
        scales.try_emplace(axis.term);
      else
        sum += at(d, 0, sign);
    }
    for (auto &[term, scale] : scales)
      sum += greatestOver(term, scale, sign);
    return sum;
  }

private:
  /// The most that an axis adds when its index has this value.
  Wide at(size_t d, __int128 value, int sign) const {
    const Axis &axis = axes[d];
    __int128 index;
    if ((block.strides[d] > 0) == (sign > 0)) {
      index = axis.high;
      if (axis.dynamic)
        index = std::min(index, axis.dynamic.getHi() + value * axis.dynamic.getHiScale());
      --index;
    } else {
      index = axis.low;
      if (axis.dynamic)
        index = std::max(index, axis.dynamic.getLo() + value * axis.dynamic.getLoScale());
    }
    return Wide(block.strides[d]) * sign * index;
  }

  /// A sum that is linear between the values where a clip begins or ceases to narrow its axis.
  Wide greatestOver(Value term, Wide scale, int sign) const {
    auto bounds = cast<rbln::IndexType>(term.getType());
    llvm::SmallVector<__int128, 8> candidates{bounds.getMin(), bounds.getMax()};
    auto addBreak = [&](__int128 bound, int64_t base, int64_t slope) {
      if (slope == 0)
        return;
      __int128 place = floorDivide(bound - base, slope);
      for (__int128 value : {place, place + 1})
        if (value > bounds.getMin() && value < bounds.getMax())
          candidates.push_back(value);
    };
    for (const Axis &axis : axes)
      if (axis.dynamic && axis.term == term) {
        addBreak(axis.high, axis.dynamic.getHi(), axis.dynamic.getHiScale());
        addBreak(axis.low, axis.dynamic.getLo(), axis.dynamic.getLoScale());
      }
    std::optional<Wide> best;
    for (__int128 value : candidates) {
      Wide sum = scale * value;
      for (auto [d, axis] : llvm::enumerate(axes))
        if (axis.dynamic && axis.term == term)
          sum += at(d, value, sign);
      if (sum.overflowed)
        return sum;
      if (!best || sum.value > best->value)
        best = sum;
    }
    return *best;
  }

  const ArrayBlock &block;
  llvm::SmallVector<Axis, 6> axes;
};

} // namespace

template <typename Access> static ArrayBlock blockOf(Access access, Value tensor) {
  return {cast<ShapedType>(tensor.getType()).getShape(),
          static_cast<int64_t>(access.getOffset()),
          access.getStrides(),
          access.getTerms(),
          access.getScales(),
          access.getClipsAttr(),
          access.getClipTerms()};
}

ArrayBlock blockOf(rbln::LoadOp load) { return blockOf(load, load.getResult()); }
ArrayBlock blockOf(rbln::StoreOp store) { return blockOf(store, store.getValue()); }

std::optional<int64_t> outsideOf(const ArrayBlock &block, int64_t count) {
  Reach reach(block);
  if (reach.isEmpty())
    return std::nullopt;
  Wide high = reach.greatest(1), low = reach.greatest(-1);
  auto shown = [](__int128 value) { return static_cast<int64_t>(std::clamp<__int128>(value, INT64_MIN, INT64_MAX)); };
  if (low.overflowed || low.value > 0)
    return low.overflowed ? INT64_MIN : shown(-low.value);
  if (high.overflowed || high.value >= count)
    return high.overflowed ? INT64_MAX : shown(high.value);
  return std::nullopt;
}

} // namespace rblnc::plan
