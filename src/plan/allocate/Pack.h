// Places values in a memory: each gets an offset that nothing else has while it is live.
//
// Finding the least memory is NP-hard. What is known to do well is placing values one after the other in an order, each
// into the smallest gap that is free for its whole life; which order is best depends on the values, so several are
// tried.
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <cstddef>
#include <cstdint>

namespace rblnc::plan {

/// What needs a place in a memory, and when.
struct LiveRange {
  static constexpr int64_t nowhere = -1;

  /// Commands, both inclusive.
  size_t first = 0, last = 0;
  /// At least 1. Offsets are sums of these, so multiples of the alignment when all of these are.
  int64_t bytes = 0;
  /// Bytes that commands move to and from it: what it costs not to have a place.
  int64_t traffic = 0;
  int64_t offset = nowhere;

  bool meets(const LiveRange &other) const { return first <= other.last && other.first <= last; }
};

/// The most bytes that are live at once: no packing needs less.
int64_t liveBytes(llvm::ArrayRef<LiveRange> ranges);

/// What is placed first: large ranges, long ones, those of most bytes times commands; or all in the order of the
/// program, where a range only knows what is free when it begins.
enum class PackOrder { size, life, area, time };
inline constexpr PackOrder packOrders[] = {PackOrder::size, PackOrder::life, PackOrder::area, PackOrder::time};

/// Gives ranges offsets in one order. Where one finds no room, it stays `nowhere`, or with `all`, the result is false.
/// False too when the order would take too long, which `time` never does. Offsets mean nothing then.
bool packInOrder(llvm::MutableArrayRef<LiveRange> ranges, PackOrder order, int64_t capacity, bool all);

/// Gives every range an offset so that it ends within `capacity`, by the first of several orders that can. False when
/// none can; offsets are `nowhere` then. The time is near to linear in the number of ranges.
bool packAll(llvm::MutableArrayRef<LiveRange> ranges, int64_t capacity);

/// The same for as many as there is room for. Those of little traffic for the room that they take stay `nowhere`.
void packSome(llvm::MutableArrayRef<LiveRange> ranges, int64_t capacity);

/// Makes packed ranges begin earlier, at earlier[i] <= ranges[i].first, where there is room for that, large ones first;
/// others keep their `first`. A range may move to another offset.
void extend(llvm::MutableArrayRef<LiveRange> ranges, llvm::ArrayRef<size_t> earlier, int64_t capacity);

} // namespace rblnc::plan
