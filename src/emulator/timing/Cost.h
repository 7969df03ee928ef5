// What a command costs: counts that are exact, for the statistics and for the timing model.
#pragma once

#include "memory/Footprint.h"
#include "program/Program.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace rblnc::emulator {

struct Cost {
  uint64_t dramBytes = 0;   ///< read from and written to DRAM
  uint64_t sharedBytes = 0; ///< read from and written to shared SRAM
  uint64_t movedBytes = 0;  ///< that a transfer writes
  uint64_t flops = 0;       ///< of a matrix product
  uint64_t vectorOps = 0;
};

/// An operand that repeats along a dimension is read once. Visits what the command touches, reads first.
Cost costOf(const DecodedCommand &command, llvm::ArrayRef<int64_t> registers,
            llvm::function_ref<void(const Footprint &)> visit = nullptr);

} // namespace rblnc::emulator
