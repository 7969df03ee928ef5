// What a command costs: counts that are exact, for the statistics.
#pragma once

#include "program/Program.h"

namespace rblnc::emulator {

struct Cost {
  uint64_t dramBytes = 0;  ///< read from and written to DRAM
  uint64_t movedBytes = 0; ///< that a transfer writes
  uint64_t flops = 0;      ///< of a matrix product
  uint64_t vectorOps = 0;
};

/// An operand that repeats along a dimension is read once.
Cost costOf(const DecodedCommand &command, const Touched &touched);

} // namespace rblnc::emulator
