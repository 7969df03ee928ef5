// An array in DRAM and how commands have touched it.
#pragma once

#include "Dependence.h"
#include "Footprint.h"
#include "FootprintTree.h"

namespace rblnc::plan {

class Array {
public:
  /// Adds to `needs` what an access depends on: accesses before it that are not proven apart from it, of which one
  /// writes. Records it. Positions of a queue never fall.
  void touch(const Footprint &footprint, bool write, int queue, Position position, Dependence &needs) {
    writes.addTouching(footprint, needs);
    if (write)
      reads.addTouching(footprint, needs);
    (write ? writes : reads).insert(footprint, queue, position, needs.branch);
  }

private:
  FootprintTree reads, writes;
};

} // namespace rblnc::plan
