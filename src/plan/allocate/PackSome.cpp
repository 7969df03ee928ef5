// Packing what does not fit as a whole: which values to leave out.
#include "Pack.h"
#include "PlacedRanges.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <algorithm>
#include <vector>

using namespace llvm;

namespace rblnc::plan {

namespace {
/// How many bytes are live at which command: a tree over the commands where ranges begin, for there the peaks are.
class Pressure {
public:
  explicit Pressure(ArrayRef<LiveRange> ranges) {
    for (const LiveRange &range : ranges)
      times.push_back(range.first);
    llvm::sort(times);
    times.erase(llvm::unique(times), times.end());
    while (leaves < times.size())
      leaves *= 2;
    added.assign(2 * leaves, 0);
    most.assign(2 * leaves, 0);
    for (const LiveRange &range : ranges)
      add(range, range.bytes);
  }

  void add(const LiveRange &range, int64_t bytes) {
    auto position = [&](size_t time) { return std::lower_bound(times.begin(), times.end(), time) - times.begin(); };
    add(1, 0, leaves, static_cast<size_t>(position(range.first)), static_cast<size_t>(position(range.last + 1)), bytes);
  }
  int64_t peak() const { return most[1]; }
  size_t peakTime() const {
    size_t node = 1;
    while (node < leaves)
      node = most[2 * node] >= most[2 * node + 1] ? 2 * node : 2 * node + 1;
    return times[node - leaves];
  }

private:
  void add(size_t node, size_t begin, size_t end, size_t from, size_t to, int64_t bytes) {
    if (to <= begin || end <= from)
      return;
    if (from <= begin && end <= to) {
      added[node] += bytes;
      most[node] += bytes;
      return;
    }
    size_t middle = begin + (end - begin) / 2;
    add(2 * node, begin, middle, from, to, bytes);
    add(2 * node + 1, middle, end, from, to, bytes);
    most[node] = added[node] + std::max(most[2 * node], most[2 * node + 1]);
  }
  std::vector<size_t> times;
  size_t leaves = 1;
  std::vector<int64_t> added, most;
};
} // namespace

/// Whether leaving out `a` costs less than leaving out `b` when `over` bytes too many are live.
static bool isCheaper(const LiveRange &a, const LiveRange &b, int64_t over) {
  auto x = static_cast<__int128>(a.traffic) * std::min(b.bytes, over);
  auto y = static_cast<__int128>(b.traffic) * std::min(a.bytes, over);
  // The longer one makes room for more.
  return x != y ? x < y : a.last - a.first > b.last - b.first;
}

/// Which ranges to leave out so that what is live at once fits.
static std::vector<bool> chooseVictims(MutableArrayRef<LiveRange> ranges, int64_t capacity) {
  std::vector<bool> isOut(ranges.size(), false);
  Pressure pressure(ranges);
  if (pressure.peak() <= capacity)
    return isOut;
  PlacedRanges in(ranges);
  for (size_t index = 0; index < ranges.size(); ++index)
    in.insert(index);
  SmallVector<size_t> live;
  while (pressure.peak() > capacity) {
    size_t time = pressure.peakTime();
    int64_t over = pressure.peak() - capacity;
    in.meeting(time, time, live);
    llvm::sort(live, [&](size_t a, size_t b) {
      return isCheaper(ranges[a], ranges[b], over) || (!isCheaper(ranges[b], ranges[a], over) && a < b);
    });
    for (size_t index : live) {
      if (over <= 0)
        break;
      isOut[index] = true;
      in.erase(index);
      pressure.add(ranges[index], -ranges[index].bytes);
      over -= ranges[index].bytes;
    }
  }
  return isOut;
}

namespace {
/// Of several packings, the one that leaves out the least traffic.
class Best {
public:
  void consider(ArrayRef<LiveRange> ranges) {
    __int128 out = 0;
    for (const LiveRange &range : ranges)
      out += range.offset == LiveRange::nowhere ? range.traffic : 0;
    if (!offsets.empty() && out >= least)
      return;
    least = out;
    offsets.clear();
    for (const LiveRange &range : ranges)
      offsets.push_back(range.offset);
  }
  void give(MutableArrayRef<LiveRange> ranges) const {
    for (auto [range, offset] : llvm::zip(ranges, offsets))
      range.offset = offset;
  }

private:
  __int128 least = 0;
  std::vector<int64_t> offsets;
};
} // namespace

/// Packs what fits in each of the orders.
static void tryOrders(MutableArrayRef<LiveRange> ranges, int64_t capacity, function_ref<void()> onPacked) {
  for (PackOrder order : packOrders)
    if (packInOrder(ranges, order, capacity, /*all=*/false))
      onPacked();
}

/// Places what has no place yet and finds room, that of most traffic first: what was left out for one peak may have
/// room since more was left out for another.
static void fillUp(MutableArrayRef<LiveRange> ranges, int64_t capacity) {
  PlacedRanges placed(ranges);
  std::vector<size_t> outside;
  for (size_t index = 0; index < ranges.size(); ++index)
    if (ranges[index].offset != LiveRange::nowhere)
      placed.insert(index);
    else
      outside.push_back(index);
  stable_sort(outside, [&](size_t a, size_t b) { return ranges[a].traffic > ranges[b].traffic; });
  for (size_t index : outside) {
    LiveRange &range = ranges[index];
    range.offset = placed.gapFor(range.first, range.last, range.bytes, capacity);
    if (range.offset != LiveRange::nowhere)
      placed.insert(index);
  }
}

void packSome(MutableArrayRef<LiveRange> ranges, int64_t capacity) {
  if (packAll(ranges, capacity))
    return;
  Best best;
  std::vector<bool> isOut = chooseVictims(ranges, capacity);
  std::vector<LiveRange> in;
  for (auto [index, range] : llvm::enumerate(ranges))
    if (!isOut[index])
      in.push_back(range);
  auto considerWithVictims = [&] {
    for (size_t index = 0, next = 0; index < ranges.size(); ++index)
      ranges[index].offset = isOut[index] ? LiveRange::nowhere : in[next++].offset;
    fillUp(ranges, capacity);
    best.consider(ranges);
  };
  if (packAll(in, capacity))
    considerWithVictims();
  else
    tryOrders(in, capacity, considerWithVictims);
  // Or what an order happens to leave out.
  tryOrders(ranges, capacity, [&] { best.consider(ranges); });
  best.give(ranges);
}

} // namespace rblnc::plan
