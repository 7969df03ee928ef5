#include "Pack.h"
#include "FreeList.h"
#include "PlacedRanges.h"
#include "rblnc/support/Watch.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <queue>

using namespace llvm;

namespace rblnc::plan {

/// An order may look at this many places for each range, and at this many in any case, before it is given up for the
/// one that needs no looking.
static constexpr size_t kWorkForEach = 512, kLeastWork = 1 << 22;
/// How often an order is changed and tried again, and how many ranges all of that may place: long programs get one try.
static constexpr size_t kMostTries = 16, kRangesTried = 1 << 15;

int64_t liveBytes(ArrayRef<LiveRange> ranges) {
  // What ends before a command makes room for what begins there.
  std::vector<std::pair<size_t, int64_t>> changes;
  changes.reserve(2 * ranges.size());
  for (const LiveRange &range : ranges) {
    changes.push_back({range.first, range.bytes});
    changes.push_back({range.last + 1, -range.bytes});
  }
  llvm::sort(changes);
  int64_t live = 0, most = 0;
  for (auto [at, change] : changes)
    most = std::max(most, live += change);
  return most;
}

static void clear(MutableArrayRef<LiveRange> ranges) {
  for (LiveRange &range : ranges)
    range.offset = LiveRange::nowhere;
}

static __int128 keyOf(const LiveRange &range, PackOrder order) {
  auto life = static_cast<__int128>(range.last - range.first) + 1;
  return order == PackOrder::size ? range.bytes : order == PackOrder::life ? life : life * range.bytes;
}

static std::vector<size_t> sorted(ArrayRef<LiveRange> ranges, PackOrder order) {
  std::vector<size_t> indices(ranges.size());
  std::iota(indices.begin(), indices.end(), 0);
  stable_sort(indices, [&](size_t a, size_t b) {
    __int128 x = keyOf(ranges[a], order), y = keyOf(ranges[b], order);
    return x != y ? x > y : ranges[a].first < ranges[b].first;
  });
  return indices;
}

/// Places ranges in this order. Where there is no gap, stops with that place in the order when `all` must fit, else
/// leaves the range out. The number of ranges when it comes to the end, nothing when that would take too long.
static std::optional<size_t> packListed(MutableArrayRef<LiveRange> ranges, ArrayRef<size_t> indices, int64_t capacity,
                                        bool all) {
  clear(ranges);
  PlacedRanges placed(ranges);
  size_t mostWork = std::max(kLeastWork, kWorkForEach * ranges.size());
  for (auto [place, index] : enumerate(indices)) {
    LiveRange &range = ranges[index];
    range.offset = placed.gapFor(range.first, range.last, range.bytes, capacity);
    if (range.offset != LiveRange::nowhere)
      placed.insert(index);
    else if (all)
      return place;
    if (placed.work() > mostWork || wasStopped())
      return std::nullopt;
  }
  return ranges.size();
}

static bool packByKey(MutableArrayRef<LiveRange> ranges, PackOrder order, int64_t capacity, bool all) {
  std::vector<size_t> indices = sorted(ranges, order);
  // What finds no room goes first in another try.
  for (size_t tries = 1 + std::min(kMostTries, kRangesTried / std::max<size_t>(1, ranges.size())); tries > 0; --tries) {
    std::optional<size_t> stopped = packListed(ranges, indices, capacity, all);
    if (!stopped)
      return false;
    if (*stopped == ranges.size())
      return true;
    std::rotate(indices.begin(), indices.begin() + *stopped, indices.begin() + *stopped + 1);
  }
  return false;
}

/// Places ranges in the order of the program, knowing only what is free at the time.
static bool packInTime(MutableArrayRef<LiveRange> ranges, int64_t capacity, bool all) {
  clear(ranges);
  std::vector<size_t> indices(ranges.size());
  std::iota(indices.begin(), indices.end(), 0);
  stable_sort(indices, [&](size_t a, size_t b) {
    return std::pair(ranges[a].first, -ranges[a].bytes) < std::pair(ranges[b].first, -ranges[b].bytes);
  });
  FreeList free(capacity);
  std::priority_queue<std::pair<size_t, size_t>, std::vector<std::pair<size_t, size_t>>, std::greater<>> live;
  for (size_t index : indices) {
    LiveRange &range = ranges[index];
    while (!live.empty() && live.top().first < range.first) {
      const LiveRange &over = ranges[live.top().second];
      free.give(over.offset, over.bytes);
      live.pop();
    }
    range.offset = free.take(range.bytes);
    if (range.offset != LiveRange::nowhere)
      live.push({range.last, index});
    else if (all)
      return false;
  }
  return true;
}

bool packInOrder(MutableArrayRef<LiveRange> ranges, PackOrder order, int64_t capacity, bool all) {
  return order == PackOrder::time ? packInTime(ranges, capacity, all) : packByKey(ranges, order, capacity, all);
}

bool packAll(MutableArrayRef<LiveRange> ranges, int64_t capacity) {
  if (liveBytes(ranges) <= capacity)
    for (PackOrder order : packOrders)
      if (packInOrder(ranges, order, capacity, /*all=*/true))
        return true;
  clear(ranges);
  return false;
}

void extend(MutableArrayRef<LiveRange> ranges, ArrayRef<size_t> earlier, int64_t capacity) {
  PlacedRanges placed(ranges);
  std::vector<size_t> wanting;
  for (size_t index = 0; index < ranges.size(); ++index) {
    if (ranges[index].offset == LiveRange::nowhere)
      continue;
    placed.insert(index);
    if (earlier[index] < ranges[index].first)
      wanting.push_back(index);
  }
  stable_sort(wanting, [&](size_t a, size_t b) { return ranges[a].bytes > ranges[b].bytes; });
  size_t mostWork = std::max(kLeastWork, kWorkForEach * ranges.size());
  SmallVector<size_t> before;
  for (size_t index : wanting) {
    if (placed.work() > mostWork || wasStopped())
      return;
    LiveRange &range = ranges[index];
    placed.erase(index);
    placed.meeting(earlier[index], range.first - 1, before);
    bool isFree = llvm::none_of(before, [&](size_t other) {
      return ranges[other].offset < range.offset + range.bytes &&
             range.offset < ranges[other].offset + ranges[other].bytes;
    });
    int64_t offset = isFree ? range.offset : placed.gapFor(earlier[index], range.last, range.bytes, capacity);
    if (offset != LiveRange::nowhere) {
      range.first = earlier[index];
      range.offset = offset;
    }
    placed.insert(index);
  }
}

} // namespace rblnc::plan
