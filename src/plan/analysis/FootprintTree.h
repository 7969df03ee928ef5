// The footprints that queues have touched, and when, found by where they lie.
//
// An R-tree: a node has a box around what lies below it, and, for each queue, when that was touched last. A search
// leaves out nodes whose box is elsewhere, and those that would add nothing to what is needed already. The axes of a
// box are the addresses and the places within some periods, so that the tiles of a matrix are boxes in rows and
// columns.
#pragma once

#include "Dependence.h"
#include "Footprint.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

#include <array>
#include <cstdint>
#include <vector>

namespace rblnc::plan {

class FootprintTree {
public:
  /// Adds to `needs` the positions where footprints that are not proven apart from this one were touched last, both in
  /// the branch that the needs are of and before it.
  void addTouching(const Footprint &footprint, Dependence &needs) const;

  /// Records a touch in a branch, or outside of all (-1). Positions of a queue never fall, and no branch comes twice.
  void insert(const Footprint &footprint, int queue, Position position, int branch);

private:
  static constexpr size_t kMostPeriods = 3, kAxes = kMostPeriods + 1;
  using Index = uint32_t;
  static constexpr Index kNone = UINT32_MAX;

  /// All positions of an axis from lo to hi, both inclusive.
  struct Interval {
    int64_t lo, hi;
  };
  using Box = std::array<Interval, kAxes>;

  /// When a queue touched something last, and last before the branch `branch`.
  struct Latest {
    int queue, branch;
    Position last, before;
  };
  using Latests = llvm::SmallVector<Latest, 1>;

  /// Leaves have level 0 and a footprint; children are a list through `next`.
  struct Node {
    Box box;
    Latests latests;
    /// Rises with each touch of anything below.
    uint64_t stamp = 0;
    Index parent = kNone, firstChild = kNone, next = kNone;
    uint32_t children = 0, level = 0;
    Index footprint = kNone;
  };

  Box boxOf(const Footprint &footprint) const;
  /// Uses the strides of a footprint as periods while there are axes for them.
  void addPeriods(const Footprint &footprint);
  void recomputeBoxes(Index node);
  static void touch(Latests &latests, int queue, Position position, int branch);
  static bool addsNothing(const Latests &latests, const Dependence &needs);
  Index find(const Footprint &footprint, size_t hash) const;
  Index childFor(Index node, const Box &box) const;
  void attach(Index parent, Index child);
  /// Box and touches of an inner node from its children's.
  void summarise(Index node, int branch);
  void split(Index node, int branch);

  std::vector<Node> nodes;
  std::vector<Footprint> footprints;
  /// The last leaf with this hash of its footprint; `sameHash` has the one before, by footprint.
  llvm::DenseMap<size_t, Index> leafByHash;
  std::vector<Index> sameHash;
  llvm::SmallVector<int64_t, kMostPeriods> periods;
  Index root = kNone;
  uint64_t stamps = 0;
};

} // namespace rblnc::plan
