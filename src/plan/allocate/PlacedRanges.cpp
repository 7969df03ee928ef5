#include "PlacedRanges.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <numeric>

namespace rblnc::plan {

PlacedRanges::PlacedRanges(llvm::MutableArrayRef<LiveRange> ranges)
    : ranges(ranges), order(ranges.size()), leafOf(ranges.size()),
      leaves(llvm::PowerOf2Ceil(std::max<size_t>(1, ranges.size()))), spans(2 * leaves) {
  std::iota(order.begin(), order.end(), 0);
  llvm::stable_sort(order, [&](size_t a, size_t b) { return ranges[a].first < ranges[b].first; });
  for (auto [leaf, index] : llvm::enumerate(order))
    leafOf[index] = leaf;
}

void PlacedRanges::update(size_t index, bool isPlaced) {
  size_t node = leaves + leafOf[index];
  spans[node] = isPlaced ? Span{ranges[index].first, ranges[index].last} : Span{};
  while ((node /= 2) > 0)
    spans[node] = {std::min(spans[2 * node].first, spans[2 * node + 1].first),
                   std::max(spans[2 * node].last, spans[2 * node + 1].last)};
}

void PlacedRanges::meeting(size_t first, size_t last, llvm::SmallVectorImpl<size_t> &result) {
  result.clear();
  open.assign({1});
  while (!open.empty()) {
    size_t node = open.pop_back_val();
    ++looked;
    // An empty node begins behind everything.
    if (spans[node].first > last || spans[node].last < first || spans[node].first == SIZE_MAX)
      continue;
    if (node >= leaves)
      result.push_back(order[node - leaves]);
    else
      open.append({2 * node, 2 * node + 1});
  }
}

int64_t PlacedRanges::gapFor(size_t first, size_t last, int64_t bytes, int64_t capacity) {
  if (bytes > capacity)
    return LiveRange::nowhere;
  meeting(first, last, found);
  llvm::sort(found, [&](size_t a, size_t b) { return ranges[a].offset < ranges[b].offset; });
  int64_t end = 0, best = LiveRange::nowhere, bestGap = INT64_MAX;
  for (size_t index : found) {
    int64_t gap = ranges[index].offset - end;
    if (gap >= bytes && gap < bestGap) {
      best = end;
      bestGap = gap;
    }
    end = std::max(end, ranges[index].offset + ranges[index].bytes);
  }
  if (best == LiveRange::nowhere && end <= capacity - bytes)
    best = end;
  return best;
}

} // namespace rblnc::plan
