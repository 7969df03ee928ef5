// The ranges that have a place in a memory, found by when they are live.
#pragma once

#include "Pack.h"

#include "llvm/ADT/SmallVector.h"

#include <vector>

namespace rblnc::plan {

/// Of a list of ranges, those that are placed: a tree over the list, in the order of their beginnings, that knows from
/// when to when anything below a node is live.
class PlacedRanges {
public:
  explicit PlacedRanges(llvm::MutableArrayRef<LiveRange> ranges);

  void insert(size_t index) { update(index, true); }
  void erase(size_t index) { update(index, false); }
  /// Those that are live at some command of first..last, in no particular order.
  void meeting(size_t first, size_t last, llvm::SmallVectorImpl<size_t> &found);
  /// The smallest gap within `capacity` that `bytes` fit in from `first` to `last`, the lowest of equal ones, else what
  /// is above everything; `nowhere` without either.
  int64_t gapFor(size_t first, size_t last, int64_t bytes, int64_t capacity);
  /// How many ranges have been looked at.
  size_t work() const { return looked; }

private:
  struct Span {
    size_t first = SIZE_MAX, last = 0;
  };
  void update(size_t index, bool isPlaced);

  llvm::MutableArrayRef<LiveRange> ranges;
  std::vector<size_t> order, leafOf;
  size_t leaves = 1;
  std::vector<Span> spans;
  llvm::SmallVector<size_t> found, open;
  size_t looked = 0;
};

} // namespace rblnc::plan
