// What the queues have done to one memory so far, found by where it lies.
#pragma once

#include "Footprint.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <array>

namespace rblnc::bundle::prover {

/// A tree over all different footprints in one memory. A node has a box around what lies below it and, for each queue,
/// the last command that read and the last that wrote there. The axes of a box are the addresses and the places within
/// some periods, so that the tiles of a matrix are boxes in rows and columns. A search leaves out boxes that lie
/// elsewhere, and those where all is over.
class History {
public:
  /// `queues` are those that touch the memory.
  History(std::vector<Footprint> footprints, std::vector<uint32_t> queues);

  const Footprint &footprint(uint32_t leaf) const { return footprints[leaf]; }

  struct Touch {
    Place place;
    bool isWrite;
  };
  /// Calls `visit` for touches by other queues that may be not over yet (`overBefore` says for a queue how many of its
  /// commands are), of which one or `isWrite` writes, and whose footprints are not proven apart from this one; the
  /// latest of a queue and footprint first. `visit` gives false to see no more of that queue and footprint.
  void findOpen(uint32_t leaf, Place place, bool isWrite, llvm::function_ref<uint32_t(uint32_t)> overBefore,
                llvm::function_ref<bool(uint32_t, uint32_t)> areApart, llvm::function_ref<bool(uint32_t, Touch)> visit,
                uint64_t &steps) const;
  /// Places of a queue never fall.
  void add(uint32_t leaf, Place place, bool isWrite);

private:
  static constexpr size_t mostPeriods = 3, axes = mostPeriods + 1;
  static constexpr uint32_t none = UINT32_MAX;
  struct Interval {
    int64_t first, last;
  };
  using Box = std::array<Interval, axes>;
  /// One past the number of the last command that read or wrote; 0 is none.
  struct Last {
    uint32_t read = 0, write = 0;
  };
  struct Node {
    Box box;
    uint32_t parent = none;
    uint32_t left = none, right = none; ///< of inner nodes
    uint32_t leaf = none;               ///< of others
  };
  struct Record {
    uint32_t command, before; ///< number of the same queue's record before it at this footprint
    bool isWrite;
  };

  static bool meet(const Box &a, const Box &b);
  void choosePeriods();
  Box boxOf(const Footprint &footprint) const;
  uint32_t build(std::vector<uint32_t> &leaves, size_t first, size_t last);
  uint32_t localOf(uint32_t queue) const;
  bool isOver(uint32_t node, uint32_t local, bool isWrite, llvm::ArrayRef<uint32_t> over) const;

  std::vector<Footprint> footprints;
  std::vector<uint32_t> queues; ///< sorted
  llvm::SmallVector<int64_t, mostPeriods> periods;
  std::vector<Box> boxes; ///< by leaf
  std::vector<Node> nodes;
  std::vector<Last> lasts; ///< by node and queue
  std::vector<uint32_t> nodeOf;
  std::vector<uint32_t> heads; ///< the last record, by leaf and queue
  std::vector<Record> records;
  uint32_t root = none;
};

} // namespace rblnc::bundle::prover
