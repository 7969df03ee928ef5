#include "FootprintTree.h"

#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace llvm;

namespace rblnc::plan {

/// A node is split when it gets one more.
static constexpr uint32_t kMostChildren = 8;

static size_t hashOf(const Footprint &footprint) {
  hash_code hash = hash_combine(static_cast<uint64_t>(footprint.lo), static_cast<uint64_t>(footprint.hi));
  for (Footprint::Dimension dimension : footprint.dimensions)
    hash = hash_combine(hash, dimension.stride, dimension.count);
  if (footprint.border)
    hash = hash_combine(hash, footprint.border->reg, footprint.border->isFront);
  return static_cast<size_t>(hash) >> 2; // clear of the two keys that DenseMap reserves
}

static bool isSame(const Footprint &a, const Footprint &b) {
  return a.lo == b.lo && a.hi == b.hi && a.border == b.border &&
         llvm::equal(a.dimensions, b.dimensions, [](Footprint::Dimension x, Footprint::Dimension y) {
           return x.stride == y.stride && x.count == y.count;
         });
}

template <typename Interval> static bool meets(const Interval &a, const Interval &b) {
  return a.lo <= b.hi && b.lo <= a.hi;
}

template <typename Box> static bool boxesMeet(const Box &a, const Box &b) {
  for (size_t axis = 0; axis < a.size(); ++axis)
    if (!meets(a[axis], b[axis]))
      return false;
  return true;
}

template <typename Box> static void extend(Box &box, const Box &other) {
  for (size_t axis = 0; axis < box.size(); ++axis) {
    box[axis].lo = std::min(box[axis].lo, other[axis].lo);
    box[axis].hi = std::max(box[axis].hi, other[axis].hi);
  }
}

template <typename Interval> static double lengthOf(const Interval &interval) {
  return static_cast<double>(interval.hi) - static_cast<double>(interval.lo) + 1;
}

FootprintTree::Box FootprintTree::boxOf(const Footprint &footprint) const {
  // What lies beyond 64 bits meets more than it has to.
  auto clamp = [](__int128 value) { return static_cast<int64_t>(std::clamp<__int128>(value, INT64_MIN, INT64_MAX)); };
  Box box;
  box.fill({0, 0});
  box[0] = {clamp(footprint.lo), clamp(footprint.hi)};
  for (auto [number, period] : enumerate(periods)) {
    std::optional<Footprint::Residue> residue = footprint.residueIn(period);
    box[number + 1] = residue ? Interval{clamp(residue->first), clamp(residue->last)} : Interval{0, period - 1};
  }
  return box;
}

void FootprintTree::addPeriods(const Footprint &footprint) {
  size_t before = periods.size();
  for (Footprint::Dimension dimension : footprint.dimensions)
    if (periods.size() < kMostPeriods && dimension.stride > 1 && !is_contained(periods, dimension.stride))
      periods.push_back(dimension.stride);
  if (periods.size() != before && root != kNone)
    recomputeBoxes(root);
}

void FootprintTree::recomputeBoxes(Index index) {
  Node &node = nodes[index];
  if (node.level == 0) {
    node.box = boxOf(footprints[node.footprint]);
    return;
  }
  for (Index child = node.firstChild; child != kNone; child = nodes[child].next) {
    recomputeBoxes(child);
    if (child == node.firstChild)
      node.box = nodes[child].box;
    else
      extend(node.box, nodes[child].box);
  }
}

void FootprintTree::touch(Latests &latests, int queue, Position position, int branch) {
  auto *latest = find_if(latests, [&](const Latest &l) { return l.queue == queue; });
  if (latest == latests.end()) {
    latests.push_back({queue, branch, position, 0});
    return;
  }
  if (branch >= 0 && latest->branch != branch) {
    latest->branch = branch;
    latest->before = latest->last;
  }
  latest->last = position;
}

bool FootprintTree::addsNothing(const Latests &latests, const Dependence &needs) {
  return all_of(latests, [&](const Latest &latest) {
    return needs.has(latest.queue, latest.last) &&
           (needs.branch < 0 || latest.branch != needs.branch || needs.has(latest.queue, latest.before));
  });
}

void FootprintTree::addTouching(const Footprint &footprint, Dependence &needs) const {
  if (root == kNone)
    return;
  Box box = boxOf(footprint);
  SmallVector<Index, 64> open{root};
  while (!open.empty()) {
    const Node &node = nodes[open.pop_back_val()];
    if (!boxesMeet(node.box, box) || addsNothing(node.latests, needs))
      continue;
    if (node.level == 0) {
      if (footprint.isApartFrom(footprints[node.footprint]))
        continue;
      for (const Latest &latest : node.latests) {
        needs.add(latest.queue, latest.last);
        if (needs.branch >= 0 && latest.branch == needs.branch && latest.before > 0)
          needs.add(latest.queue, latest.before);
      }
      continue;
    }
    // The latest first: what is found there makes the others add nothing.
    size_t first = open.size();
    for (Index child = node.firstChild; child != kNone; child = nodes[child].next)
      open.push_back(child);
    std::sort(open.begin() + first, open.end(), [&](Index a, Index b) { return nodes[a].stamp < nodes[b].stamp; });
  }
}

FootprintTree::Index FootprintTree::find(const Footprint &footprint, size_t hash) const {
  auto found = leafByHash.find(hash);
  Index leaf = found == leafByHash.end() ? kNone : found->second;
  while (leaf != kNone && !isSame(footprints[nodes[leaf].footprint], footprint))
    leaf = sameHash[nodes[leaf].footprint];
  return leaf;
}

void FootprintTree::insert(const Footprint &footprint, int queue, Position position, int branch) {
  ++stamps;
  size_t hash = hashOf(footprint);
  if (Index leaf = find(footprint, hash); leaf != kNone) {
    for (Index index = leaf; index != kNone; index = nodes[index].parent) {
      touch(nodes[index].latests, queue, position, branch);
      nodes[index].stamp = stamps;
    }
    return;
  }
  addPeriods(footprint);
  Box box = boxOf(footprint);
  if (root == kNone) {
    root = static_cast<Index>(nodes.size());
    nodes.emplace_back();
    nodes[root].box = box;
    nodes[root].level = 1;
  }
  Index at = root;
  while (true) {
    extend(nodes[at].box, box);
    touch(nodes[at].latests, queue, position, branch);
    nodes[at].stamp = stamps;
    if (nodes[at].level == 1)
      break;
    at = childFor(at, box);
  }
  auto leaf = static_cast<Index>(nodes.size());
  nodes.emplace_back();
  nodes[leaf].box = box;
  nodes[leaf].stamp = stamps;
  nodes[leaf].footprint = static_cast<Index>(footprints.size());
  touch(nodes[leaf].latests, queue, position, branch);
  footprints.push_back(footprint);
  auto [found, isNew] = leafByHash.try_emplace(hash, leaf);
  sameHash.push_back(isNew ? kNone : std::exchange(found->second, leaf));
  attach(at, leaf);
  while (at != kNone && nodes[at].children > kMostChildren) {
    split(at, branch);
    at = nodes[at].parent;
  }
}

FootprintTree::Index FootprintTree::childFor(Index node, const Box &box) const {
  Index best = kNone;
  double least = 0;
  for (Index child = nodes[node].firstChild; child != kNone; child = nodes[child].next) {
    // How much longer the child's box gets, as parts of the whole.
    Box grown = nodes[child].box;
    extend(grown, box);
    double growth = 0;
    for (size_t axis = 0; axis < kAxes; ++axis)
      growth += (lengthOf(grown[axis]) - lengthOf(nodes[child].box[axis])) / lengthOf(nodes[root].box[axis]);
    if (best == kNone || growth < least) {
      best = child;
      least = growth;
    }
  }
  return best;
}

void FootprintTree::attach(Index parent, Index child) {
  nodes[child].parent = parent;
  nodes[child].next = nodes[parent].firstChild;
  nodes[parent].firstChild = child;
  ++nodes[parent].children;
}

void FootprintTree::summarise(Index index, int branch) {
  Node &node = nodes[index];
  node.box = nodes[node.firstChild].box;
  node.latests.clear();
  node.stamp = 0;
  for (Index child = node.firstChild; child != kNone; child = nodes[child].next) {
    const Node &below = nodes[child];
    extend(node.box, below.box);
    node.stamp = std::max(node.stamp, below.stamp);
    for (const Latest &latest : below.latests) {
      Position before = branch >= 0 && latest.branch == branch ? latest.before : latest.last;
      auto *mine = find_if(node.latests, [&](const Latest &l) { return l.queue == latest.queue; });
      if (mine == node.latests.end()) {
        node.latests.push_back({latest.queue, branch, latest.last, before});
        continue;
      }
      mine->last = std::max(mine->last, latest.last);
      mine->before = std::max(mine->before, before);
    }
  }
}

void FootprintTree::split(Index index, int branch) {
  SmallVector<Index, kMostChildren + 1> children;
  for (Index child = nodes[index].firstChild; child != kNone; child = nodes[child].next)
    children.push_back(child);
  size_t half = children.size() / 2;
  auto sortAlong = [&](size_t axis) {
    stable_sort(children, [&](Index a, Index b) {
      const Interval &x = nodes[a].box[axis], &y = nodes[b].box[axis];
      return std::pair(x.lo, x.hi) < std::pair(y.lo, y.hi);
    });
  };
  // The axis along which the halves overlap least, as a part of the whole.
  size_t bestAxis = 0;
  double least = 0;
  for (size_t axis = 0; axis < kAxes; ++axis) {
    sortAlong(axis);
    int64_t end = nodes[children.front()].box[axis].hi;
    for (Index child : ArrayRef(children).take_front(half))
      end = std::max(end, nodes[child].box[axis].hi);
    double overlap = (static_cast<double>(end) - static_cast<double>(nodes[children[half]].box[axis].lo)) /
                     lengthOf(nodes[index].box[axis]);
    if (axis == 0 || overlap < least) {
      bestAxis = axis;
      least = overlap;
    }
  }
  sortAlong(bestAxis);

  if (index == root) {
    root = static_cast<Index>(nodes.size());
    nodes.emplace_back();
    nodes[root].level = nodes[index].level + 1;
    attach(root, index);
  }
  auto sibling = static_cast<Index>(nodes.size());
  nodes.emplace_back();
  nodes[sibling].level = nodes[index].level;
  nodes[index].firstChild = kNone;
  nodes[index].children = 0;
  for (auto [number, child] : enumerate(children))
    attach(number < half ? index : sibling, child);
  attach(nodes[index].parent, sibling);
  summarise(index, branch);
  summarise(sibling, branch);
  if (nodes[root].children == 2)
    summarise(root, branch);
}

} // namespace rblnc::plan
