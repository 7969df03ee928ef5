#include "Footprint.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <numeric>

using namespace mlir;

namespace rblnc::plan {

namespace {
/// Rows along an axis whose place a register says, as far as a clip keeps them inside of a larger block: row r lies at
/// r + register of it, and first <= r + register < end.
struct Window {
  int64_t axis;
  __int128 first, end;
};
} // namespace

static std::optional<Window> windowOf(const Touch &touch, int64_t number, int64_t scale, npu::RegisterAttr bounds) {
  if (!touch.clips)
    return std::nullopt;
  for (auto clip : touch.clips.getAsRange<npu::ClipAttr>()) {
    int64_t axis = clip.getAxis();
    if (clip.getReg() != number || clip.getHiScale() != -1 || touch.access.getStrides()[axis] != scale)
      continue;
    __int128 first = bounds.getMin();
    if (clip.getLoScale() == -1)
      first = std::max<__int128>(first, clip.getLo());
    // Without the clip they end with the last row at the greatest value.
    __int128 last = __int128(bounds.getMax()) + touch.shape[axis];
    return Window{axis, first, std::max(first, std::min<__int128>(last, clip.getHi()))};
  }
  return std::nullopt;
}

std::pair<int64_t, int64_t> positionsOf(const Touch &touch, int64_t axis, ArrayAttr registers) {
  __int128 first = 0, end = touch.shape[axis];
  if (touch.clips)
    for (auto clip : touch.clips.getAsRange<npu::ClipAttr>()) {
      if (clip.getAxis() != axis)
        continue;
      __int128 lo = clip.getLo(), hi = clip.getHi();
      if (clip.getReg() >= 0) {
        auto bounds = cast<npu::RegisterAttr>(registers[clip.getReg()]);
        lo += std::min(__int128(bounds.getMin()) * clip.getLoScale(), __int128(bounds.getMax()) * clip.getLoScale());
        hi += std::max(__int128(bounds.getMin()) * clip.getHiScale(), __int128(bounds.getMax()) * clip.getHiScale());
      }
      first = std::max(first, lo);
      end = std::min(end, hi);
    }
  // A block that nothing is left of counts as its first position: it is only called larger than it is.
  if (first >= end)
    return {0, 1};
  return {static_cast<int64_t>(first), static_cast<int64_t>(end)};
}

/// The row that a touch begins at or ends before, along one axis.
static std::optional<Footprint::Border> borderOf(const Touch &touch, ArrayAttr registers) {
  if (!touch.clips)
    return std::nullopt;
  npu::AccessAttr access = touch.access;
  ArrayRef<int64_t> strides = access.getStrides();
  for (auto clip : touch.clips.getAsRange<npu::ClipAttr>()) {
    int64_t axis = clip.getAxis(), stride = strides[axis];
    Footprint::Border border{clip.getReg(), access.getOffset(), stride, touch.shape[axis], 0, true};
    if (clip.getReg() < 0 || stride <= 0)
      continue;
    int64_t named = -1; // the register that is part of the row's number
    if (clip.getHiScale() == -1 && llvm::is_contained(access.getRegisters(), clip.getReg())) {
      auto window = windowOf(touch, clip.getReg(), stride, cast<npu::RegisterAttr>(registers[clip.getReg()]));
      if (!window || window->axis != axis || window->first < 0)
        continue;
      border.rows = window->end;
      border.isFront = false;
      named = clip.getReg();
    } else if (clip.getHiScale() != 1 || clip.getHi() > 0) {
      continue;
    }
    __int128 inner = 0;
    bool isRegular = true;
    auto add = [&](int64_t step, __int128 count, bool isRegister) {
      if (step == 0 || count <= 1)
        return;
      if (step >= stride || step <= -stride || isRegister)
        border.period = std::gcd(static_cast<uint64_t>(border.period), step < 0 ? 0 - uint64_t(step) : uint64_t(step));
      else if (step > 0)
        inner += step * (count - 1);
      else
        isRegular = false;
    };
    for (auto [d, step, extent] : llvm::enumerate(strides, touch.shape))
      if (static_cast<int64_t>(d) != axis)
        add(step, extent, false);
    int times = 0;
    for (auto [number, scale] : llvm::zip(access.getRegisters(), access.getScales())) {
      if (number == named && scale == stride && times++ == 0)
        continue;
      add(scale, 2, true);
    }
    if (isRegular && inner < stride && (named < 0 || times > 0) &&
        (border.period == 0 || border.rows * stride <= border.period))
      return border;
  }
  return std::nullopt;
}

bool Footprint::Border::isApartFrom(const Border &other) const {
  if (reg != other.reg || isFront == other.isFront || stride != other.stride || offset != other.offset)
    return false;
  // Where both place a row in the same multiple, equal elements are of equal rows.
  auto common = std::gcd(static_cast<uint64_t>(period), static_cast<uint64_t>(other.period));
  return common == 0 || std::max(rows, other.rows) * stride <= common;
}

Footprint Footprint::of(const Touch &touch, ArrayAttr registers) {
  Footprint footprint;
  if (touch.access.getStrides().size() != touch.shape.size()) {
    // Verifiers let no such access pass; every element is assumed.
    footprint.lo = INT64_MIN;
    footprint.hi = INT64_MAX;
    footprint.dimensions.push_back({1, INT64_MAX});
    return footprint;
  }
  auto add = [&](int64_t stride, __int128 count) {
    if (stride == 0 || count <= 1)
      return;
    __int128 reach = stride * (count - 1);
    (stride < 0 ? footprint.lo : footprint.hi) += reach;
    // More positions than 64 bits count are as good as the most.
    footprint.dimensions.push_back(
        {stride < 0 ? -stride : stride, static_cast<int64_t>(std::min<__int128>(count, INT64_MAX))});
  };
  footprint.lo = footprint.hi = touch.access.getOffset();
  SmallVector<Window, 2> windows;
  for (auto [number, scale] : llvm::zip(touch.access.getRegisters(), touch.access.getScales())) {
    auto bounds = cast<npu::RegisterAttr>(registers[number]);
    if (auto window = windowOf(touch, number, scale, bounds);
        window && llvm::none_of(windows, [&](const Window &other) { return other.axis == window->axis; })) {
      footprint.lo += window->first * scale;
      footprint.hi += window->first * scale;
      add(scale, window->end - window->first);
      windows.push_back(*window);
      continue;
    }
    __int128 first = __int128(bounds.getMin()) * scale;
    footprint.lo += first;
    footprint.hi += first;
    add(scale, __int128(bounds.getMax()) - bounds.getMin() + 1);
  }
  for (auto [d, stride] : llvm::enumerate(touch.access.getStrides()))
    if (llvm::none_of(windows, [d = d](const Window &window) { return window.axis == static_cast<int64_t>(d); })) {
      auto [first, end] = positionsOf(touch, static_cast<int64_t>(d), registers);
      footprint.lo += __int128(first) * stride;
      footprint.hi += __int128(first) * stride;
      add(stride, end - first);
    }
  footprint.border = borderOf(touch, registers);
  return footprint;
}

std::optional<Footprint::Residue> Footprint::residueIn(int64_t period) const {
  // Dividing numbers of 128 bits is slow, and few are that long.
  bool isShort = lo >= INT64_MIN && lo <= INT64_MAX;
  __int128 first = isShort ? static_cast<int64_t>(lo) % period : lo % period;
  if (first < 0)
    first += period;
  __int128 last = first;
  for (Dimension dimension : dimensions)
    if (dimension.stride % period != 0)
      last += __int128(dimension.stride) * (dimension.count - 1);
  if (last >= period)
    return std::nullopt;
  return Residue{first, last};
}

bool Footprint::isApartFrom(const Footprint &other) const {
  if (hi < other.lo || other.hi < lo || (border && other.border && border->isApartFrom(*other.border)))
    return true;
  for (const Footprint *either : {this, &other})
    for (Dimension dimension : either->dimensions) {
      std::optional<Residue> a = residueIn(dimension.stride), b = other.residueIn(dimension.stride);
      if (a && b && (a->last < b->first || b->last < a->first))
        return true;
    }
  return false;
}

} // namespace rblnc::plan
