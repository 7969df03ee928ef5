#include "History.h"

#include <algorithm>
#include <map>

namespace rblnc::bundle::prover {

History::History(std::vector<Footprint> list, std::vector<uint32_t> users)
    : footprints(std::move(list)), queues(std::move(users)) {
  std::sort(queues.begin(), queues.end());
  choosePeriods();
  std::vector<uint32_t> leaves;
  for (uint32_t i = 0; i < footprints.size(); ++i) {
    boxes.push_back(boxOf(footprints[i]));
    leaves.push_back(i);
  }
  nodeOf.resize(footprints.size());
  nodes.reserve(2 * footprints.size());
  if (!leaves.empty())
    root = build(leaves, 0, leaves.size());
  lasts.resize(nodes.size() * queues.size());
  heads.assign(footprints.size() * queues.size(), none);
}

/// The strides that most footprints repeat with.
void History::choosePeriods() {
  std::map<int64_t, size_t> counts;
  for (const Footprint &footprint : footprints) {
    for (Span span : footprint.placed.spans)
      if (span.stride > footprint.element)
        ++counts[span.stride];
    for (const Row &row : footprint.placed.rows)
      if (row.stride > footprint.element)
        ++counts[row.stride];
  }
  std::vector<std::pair<size_t, int64_t>> order;
  for (auto [stride, count] : counts)
    order.push_back({count, stride});
  std::sort(order.rbegin(), order.rend());
  for (size_t i = 0; i < std::min(order.size(), mostPeriods); ++i)
    periods.push_back(order[i].second);
}

History::Box History::boxOf(const Footprint &footprint) const {
  Box box;
  box.fill({0, 0});
  box[0] = {footprint.first, footprint.last};
  for (size_t i = 0; i < periods.size(); ++i) {
    auto residue = footprint.residueIn(periods[i]);
    box[i + 1] = residue ? Interval{residue->first, residue->last} : Interval{0, periods[i] - 1};
  }
  return box;
}

bool History::meet(const Box &a, const Box &b) {
  for (size_t axis = 0; axis < axes; ++axis)
    if (a[axis].last < b[axis].first || b[axis].last < a[axis].first)
      return false;
  return true;
}

uint32_t History::build(std::vector<uint32_t> &leaves, size_t first, size_t last) {
  auto number = static_cast<uint32_t>(nodes.size());
  Box box = boxes[leaves[first]];
  double length[axes] = {}, least[axes], greatest[axes];
  for (size_t i = first; i < last; ++i)
    for (size_t axis = 0; axis < axes; ++axis) {
      Interval interval = boxes[leaves[i]][axis];
      box[axis] = {std::min(box[axis].first, interval.first), std::max(box[axis].last, interval.last)};
      double middle = 0.5 * (static_cast<double>(interval.first) + static_cast<double>(interval.last));
      length[axis] += static_cast<double>(interval.last) - static_cast<double>(interval.first) + 1;
      least[axis] = i == first ? middle : std::min(least[axis], middle);
      greatest[axis] = i == first ? middle : std::max(greatest[axis], middle);
    }
  nodes.push_back({box});
  if (last - first == 1) {
    nodes[number].leaf = leaves[first];
    nodeOf[leaves[first]] = number;
    return number;
  }
  // Cut along the axis where the boxes are small for how far they are spread.
  size_t best = 0;
  for (size_t axis = 1; axis < axes; ++axis)
    if ((greatest[axis] - least[axis]) * length[best] > (greatest[best] - least[best]) * length[axis])
      best = axis;
  size_t middle = first + (last - first) / 2;
  auto at = [&](size_t i) { return leaves.begin() + static_cast<ptrdiff_t>(i); };
  std::nth_element(at(first), at(middle), at(last), [&](uint32_t a, uint32_t b) {
    Interval x = boxes[a][best], y = boxes[b][best];
    return std::tuple(x.first, x.last, a) < std::tuple(y.first, y.last, b);
  });
  uint32_t left = build(leaves, first, middle), right = build(leaves, middle, last);
  nodes[number].left = left;
  nodes[number].right = right;
  nodes[left].parent = nodes[right].parent = number;
  return number;
}

uint32_t History::localOf(uint32_t queue) const {
  return static_cast<uint32_t>(std::lower_bound(queues.begin(), queues.end(), queue) - queues.begin());
}

bool History::isOver(uint32_t node, uint32_t local, bool isWrite, llvm::ArrayRef<uint32_t> over) const {
  const Last *last = &lasts[node * queues.size()];
  for (uint32_t q = 0; q < queues.size(); ++q)
    if (q != local && (last[q].write > over[q] || (isWrite && last[q].read > over[q])))
      return false;
  return true;
}

void History::findOpen(uint32_t leaf, Place place, bool isWrite, llvm::function_ref<uint32_t(uint32_t)> overBefore,
                       llvm::function_ref<bool(uint32_t, uint32_t)> areApart,
                       llvm::function_ref<bool(uint32_t, Touch)> visit, uint64_t &steps) const {
  uint32_t local = localOf(place.queue);
  llvm::SmallVector<uint32_t, 32> over;
  for (uint32_t queue : queues)
    over.push_back(queue == place.queue ? 0 : overBefore(queue));
  llvm::SmallVector<uint32_t, 64> open{root};
  while (!open.empty()) {
    uint32_t number = open.pop_back_val();
    const Node &node = nodes[number];
    steps += 1 + queues.size() / 4;
    if (!meet(node.box, boxes[leaf]) || isOver(number, local, isWrite, over))
      continue;
    if (node.leaf == none) {
      open.push_back(node.left);
      open.push_back(node.right);
      continue;
    }
    if (areApart(leaf, node.leaf))
      continue;
    for (uint32_t q = 0; q < queues.size(); ++q)
      for (uint32_t at = q == local ? none : heads[node.leaf * queues.size() + q]; at != none;
           at = records[at].before) {
        const Record &record = records[at];
        ++steps;
        if (record.command < over[q] ||
            ((isWrite || record.isWrite) && !visit(node.leaf, {{queues[q], record.command}, record.isWrite})))
          break;
      }
  }
}

void History::add(uint32_t leaf, Place place, bool isWrite) {
  uint32_t local = localOf(place.queue);
  for (uint32_t node = nodeOf[leaf]; node != none; node = nodes[node].parent) {
    Last &last = lasts[node * queues.size() + local];
    (isWrite ? last.write : last.read) = place.command + 1;
  }
  uint32_t &head = heads[leaf * queues.size() + local];
  records.push_back({place.command, head, isWrite});
  head = static_cast<uint32_t>(records.size() - 1);
}

} // namespace rblnc::bundle::prover
