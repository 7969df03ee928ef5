#include "OccupancyTracker.h"

#include <algorithm>
#include <tuple>

namespace rblnc::emulator {
namespace {

/// A memory of more lines than these has longer ones.
constexpr int64_t maxLines = 1 << 20;

/// What one line holds: since when, and until when it is needed as far as is known.
struct Held {
  double begin = 0, end = 0;
  bool isHeld = false, wasRead = false;
};

/// Changes of the number of bytes that are held.
class Changes {
public:
  void add(const Held &held, int64_t bytes) {
    if (!held.isHeld || held.end <= held.begin)
      return;
    changes[held.begin] += bytes;
    changes[held.end] -= bytes;
  }

  std::vector<Occupancy::Point> points() const {
    std::vector<Occupancy::Point> result;
    int64_t bytes = 0;
    for (auto [seconds, change] : changes)
      if (change != 0)
        result.push_back({seconds, static_cast<uint64_t>(bytes += change)});
    return result;
  }

private:
  std::map<double, int64_t> changes;
};

bool isSame(const Held &a, const Held &b) {
  return a.isHeld == b.isHeld && a.wasRead == b.wasRead && a.begin == b.begin && a.end == b.end;
}

} // namespace

void OccupancyTracker::touch(const Footprint &footprint, uint32_t queue, size_t slice) {
  if (footprint.memory == bundle::Memory::dram || footprint.isEmpty())
    return;
  uses[{footprint.memory == bundle::Memory::shared, footprint.unit}].push_back(
      {footprint.first(), footprint.last(), slice, queue, footprint.isWritten});
}

std::vector<Occupancy> OccupancyTracker::finish(const std::vector<std::vector<Slice>> &slices) const {
  std::vector<Occupancy> result;
  for (const auto &[memory, inOrder] : uses) {
    std::vector<Use> sorted = inOrder;
    // Reads of a command stay before its writes.
    std::stable_sort(sorted.begin(), sorted.end(), [&](const Use &a, const Use &b) {
      return slices[a.queue][a.slice].begin < slices[b.queue][b.slice].begin;
    });
    int64_t end = 0, lineBytes = 64;
    for (const Use &use : sorted)
      end = std::max(end, use.last + 1);
    while (end / lineBytes > maxLines)
      lineBytes *= 2;
    std::vector<Held> lines(static_cast<size_t>(end / lineBytes + 1));
    Changes changes;
    for (const Use &use : sorted) {
      const Slice &slice = slices[use.queue][use.slice];
      // Neighbours mostly have the same past, and are ended together.
      const auto last = static_cast<size_t>(use.last / lineBytes);
      for (size_t first = static_cast<size_t>(use.first / lineBytes), next; first <= last; first = next) {
        const Held past = lines[first];
        Held now = past;
        if (use.isWritten && (!past.isHeld || (past.wasRead && past.end <= slice.begin)))
          now = {slice.begin, slice.end, true, false};
        else if (past.isHeld)
          now = {past.begin, std::max(past.end, slice.end), true, past.wasRead || !use.isWritten};
        for (next = first; next <= last && isSame(lines[next], past); ++next)
          lines[next] = now;
        if (now.begin != past.begin || !past.isHeld)
          changes.add(past, static_cast<int64_t>(next - first) * lineBytes);
      }
    }
    for (const Held &held : lines)
      changes.add(held, lineBytes);
    Occupancy occupancy;
    std::tie(occupancy.isShared, occupancy.unit) = memory;
    occupancy.points = changes.points();
    result.push_back(std::move(occupancy));
  }
  return result;
}

} // namespace rblnc::emulator
