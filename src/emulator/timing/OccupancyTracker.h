// How full the scratchpads and shared SRAM are over time.
#pragma once

#include "memory/Footprint.h"

#include "rblnc/emulator/Profile.h"

#include <map>

namespace rblnc::emulator {

/// Something is held from the beginning of the command that writes it to the end of the last one that reads it before
/// it is overwritten; what is never read, to the end of the command that writes it. Lines are held or free as a whole
/// (64 bytes; more in a memory of more than 64 MiB), and an access uses all lines from its first byte to its last.
class OccupancyTracker {
public:
  /// In the order of execution; the command's slice will be number `slice` of its queue.
  void touch(const Footprint &footprint, uint32_t queue, size_t slice);

  /// One entry for each memory that is used, scratchpads first.
  std::vector<Occupancy> finish(const std::vector<std::vector<Slice>> &slices) const;

private:
  struct Use {
    int64_t first, last; ///< bytes
    size_t slice;
    uint32_t queue;
    bool isWritten;
  };
  /// By memory: shared SRAM or not, and the unit.
  std::map<std::pair<bool, uint32_t>, std::vector<Use>> uses;
};

} // namespace rblnc::emulator
