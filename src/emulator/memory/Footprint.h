// The bytes that a command touches in one memory, and whether two such sets meet.
#pragma once

#include "IndexSpace.h"

#include "rblnc/bundle/Accesses.h"

#include <cstdint>

namespace rblnc::emulator {

/// Runs of `run` bytes at base + sum(i_d * strides[d]); strides are positive and fall from one dimension to the next.
struct Footprint {
  bundle::Memory memory = bundle::Memory::dram;
  uint32_t unit = 0;
  bool isWritten = false;
  int64_t base = 0;
  int64_t run = 0; ///< 0: nothing is touched
  Extents shape, strides;

  bool isEmpty() const { return run == 0; }
  int64_t first() const { return base; }
  int64_t last() const;
  int64_t runs() const { return isEmpty() ? 0 : countOf(shape); }
  int64_t bytes() const { return runs() * run; }
  /// Calls f(first byte) for each run, until it gives false. Gives whether all were visited.
  template <typename F> bool forEachRun(F f) const {
    Odometer at(shape, strides);
    for (int64_t i = 0, n = runs(); i < n; ++i, at.next())
      if (!f(base + at.offset()))
        return false;
    return true;
  }

  /// What an access touches for the values that the registers have.
  static Footprint of(const bundle::AccessUse &use, llvm::ArrayRef<int64_t> registers);
};

enum class Meeting : uint8_t { Apart, Overlap, TooCostly };

/// Whether two footprints share a byte, exactly; `byte` is set to one that they share. Gives up when that would take
/// more than `budget` steps, and subtracts from it what it took.
Meeting meet(const Footprint &a, const Footprint &b, uint64_t &budget, int64_t &byte);

} // namespace rblnc::emulator
