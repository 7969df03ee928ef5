// The elements of an output that no run writes: ranges of addresses, collected, merged and named as a slice.
#include "Unwritten.h"

#include "MemoryOp.h"
#include "Report.h"

#include "rblnc/triton/Location.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace rblnc::lower {
namespace {

/// Addresses from `begin` up to `end`, which is not among them.
struct Range {
  int64_t begin;
  int64_t end;
};

/// Bounds the time and memory that the question may take; outputs in more pieces are not looked at.
constexpr int64_t maxRanges = int64_t(1) << 20;

/// Caches of keys and values are written a block at a time, and only they have so many axes.
constexpr size_t cacheRank = 6;

/// Whether a store says what the whole array is: by a recorded or declared shape, or by a block pointer that declares
/// dense strides, in any order, and as many elements. Other addresses may be those of a part of a larger array.
bool knowsArray(const Access &access, const ArgumentInfo &info) {
  if (!access.isBlockPointer)
    return info.isDeclared;
  SmallVector<std::pair<int64_t, int64_t>> axes; // stride and extent
  for (const AccessAxis &axis : access.axes)
    if (*axis.declared != 1)
      axes.emplace_back(axis.stride, *axis.declared);
  llvm::sort(axes);
  int64_t count = 1;
  for (auto [stride, extent] : axes)
    if (stride != count || __builtin_mul_overflow(count, extent, &count))
      return false;
  return count == info.type.getNumElements();
}

/// The indices along one axis that are written, [first, second). Where only a run decides, all that it may choose.
std::optional<std::pair<int64_t, int64_t>> indicesOf(const AccessAxis &axis) {
  std::pair<int64_t, int64_t> indices;
  if (axis.isDynamic()) {
    std::optional<Interval> touched = axis.touched();
    if (!touched)
      return std::nullopt;
    indices = {touched->min, touched->max + 1};
  } else if (__builtin_add_overflow(axis.offset.constant, std::max<int64_t>(axis.low, 0), &indices.first) ||
             __builtin_add_overflow(axis.offset.constant, std::min(axis.high, axis.extent), &indices.second)) {
    return std::nullopt;
  }
  return indices;
}

/// Adds what a store may write of an array of `count` elements. False where that is not known or too much.
bool addRanges(const Access &access, int64_t count, std::vector<Range> &ranges) {
  if (access.never)
    return true;
  if (!access.base.isConstant())
    return false;
  int64_t start = access.base.constant, run = 1, outer = 1;
  SmallVector<std::pair<int64_t, int64_t>> steps; // stride and extent
  for (const AccessAxis &axis : access.axes) {
    auto indices = indicesOf(axis);
    int64_t extent, shift;
    if (!indices || __builtin_sub_overflow(indices->second, indices->first, &extent))
      return false;
    if (extent <= 0)
      return true;
    // An axis that runs backwards covers the same from its other end.
    bool isBackwards = axis.stride < 0;
    if (axis.stride == std::numeric_limits<int64_t>::min() ||
        __builtin_mul_overflow(isBackwards ? indices->second - 1 : indices->first, axis.stride, &shift) ||
        __builtin_add_overflow(start, shift, &start))
      return false;
    if (extent > 1)
      steps.emplace_back(isBackwards ? -axis.stride : axis.stride, extent);
  }
  // The smallest strides that follow on each other make one range.
  llvm::sort(steps);
  size_t merged = 0;
  for (; merged < steps.size() && steps[merged].first == run; ++merged)
    if (__builtin_mul_overflow(run, steps[merged].second, &run))
      return false;
  steps.erase(steps.begin(), steps.begin() + merged);
  for (auto [stride, extent] : steps)
    if (__builtin_mul_overflow(outer, extent, &outer))
      return false;
  if (outer > maxRanges - static_cast<int64_t>(ranges.size()))
    return false;
  for (int64_t i = 0; i < outer; ++i) {
    int64_t begin = start, end, rest = i, shift;
    for (auto [stride, extent] : steps) {
      if (__builtin_mul_overflow(rest % extent, stride, &shift) || __builtin_add_overflow(begin, shift, &begin))
        return false;
      rest /= extent;
    }
    if (__builtin_add_overflow(begin, run, &end))
      return false;
    // What lies outside of the array is masked.
    begin = std::max<int64_t>(begin, 0);
    end = std::min(end, count);
    if (begin < end)
      ranges.push_back({begin, end});
  }
  return true;
}

/// What is in none of the ranges.
std::vector<Range> gapsOf(std::vector<Range> ranges, int64_t count) {
  llvm::sort(ranges, [](const Range &a, const Range &b) { return a.begin < b.begin; });
  std::vector<Range> gaps;
  int64_t end = 0;
  for (const Range &range : ranges) {
    if (range.begin > end)
      gaps.push_back({end, range.begin});
    end = std::max(end, range.end);
  }
  if (end < count)
    gaps.push_back({end, count});
  return gaps;
}

std::string subscript(ArrayRef<std::string> indices) {
  std::string text = "[";
  for (const auto &[d, index] : enumerate(indices))
    text += (d ? ", " : "") + index;
  return text + "]";
}

/// The gaps as one subscript of Python, as in "[64:70]"; empty where they are no box.
std::string boxText(ArrayRef<Range> gaps, ArrayRef<int64_t> shape) {
  int64_t inner = 1, elements = 0, volume = 1;
  for (const Range &gap : gaps)
    elements += gap.end - gap.begin;
  SmallVector<std::string> indices(shape.size());
  bool isWhole = true;
  for (size_t d = shape.size(); d-- > 0; inner *= shape[d]) {
    int64_t low = shape[d], high = 0;
    for (const Range &gap : gaps) {
      int64_t first = gap.begin / inner, last = (gap.end - 1) / inner;
      bool wraps = first / shape[d] != last / shape[d];
      low = std::min(low, wraps ? 0 : first % shape[d]);
      high = std::max(high, wraps ? shape[d] : last % shape[d] + 1);
    }
    volume *= high - low;
    // Behind the last axis that is cut, nothing has to be said.
    isWhole &= low == 0 && high == shape[d] && d > 0;
    if (isWhole)
      indices.pop_back();
    else
      indices[d] = low == 0 && high == shape[d] ? ":"
                   : high == low + 1            ? std::to_string(low)
                                                : std::to_string(low) + ":" + std::to_string(high);
  }
  return volume == elements ? subscript(indices) : "";
}

std::string elementText(int64_t address, ArrayRef<int64_t> shape) {
  SmallVector<std::string> indices(shape.size());
  for (size_t d = shape.size(); d-- > 0; address /= shape[d])
    indices[d] = std::to_string(address % shape[d]);
  return subscript(indices);
}

void report(mlir::Operation *store, ArrayRef<Range> gaps, const ArgumentInfo &info, Diagnostics &diagnostics) {
  ArrayRef<int64_t> shape = info.type.getShape();
  int64_t missing = 0;
  for (const Range &gap : gaps)
    missing += gap.end - gap.begin;
  std::string part = boxText(gaps, shape);
  std::string count = std::to_string(missing) + " of its " + std::to_string(info.type.getNumElements()) + " elements";
  std::string message = part.empty() ? count + " are never written, the first of them " + info.name +
                                           elementText(gaps.front().begin, shape)
                                     : info.name + part + " is never written, " + count;
  diagnostics.report(Code::W033,
                     "'" + info.name + "' has shape " + text(shape) + ", but " + message +
                         ": what the memory held before stays there",
                     framesOf(store->getLoc()),
                     "store the rest too: round the number of blocks up, (N + BLOCK - 1) // BLOCK, with boundary_check "
                     "at the end; or pass just the part of '" +
                         info.name + "' that is meant");
}

} // namespace

void reportUnwritten(ArrayRef<Access> accesses, ArrayRef<ArgumentInfo> arguments, Diagnostics &diagnostics) {
  for (auto [number, info] : enumerate(arguments)) {
    SmallVector<const Access *> own;
    for (const Access &access : accesses)
      if (access.argument == number)
        own.push_back(&access);
    if (own.empty() || info.isScalar || info.extentOnly || info.type.getShape().size() == cacheRank ||
        !all_of(own,
                [&](const Access *access) { return memoryOpOf(access->op)->isStore && knowsArray(*access, info); }))
      continue;
    std::vector<Range> ranges;
    int64_t count = info.type.getNumElements();
    bool isKnown = all_of(own, [&](const Access *access) { return addRanges(*access, count, ranges); });
    // A kernel none of whose stores is made is no matter of a forgotten part.
    if (!isKnown || ranges.empty())
      continue;
    if (std::vector<Range> gaps = gapsOf(std::move(ranges), count); !gaps.empty())
      report(own.back()->op, gaps, info, diagnostics);
  }
}

} // namespace rblnc::lower
