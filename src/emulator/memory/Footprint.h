// The bytes that a command touches in one memory, and whether two such sets meet.
#pragma once

#include "Box.h"
#include "Memory.h"

#include "rblnc/bundle/Accesses.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace rblnc::emulator {

/// Runs of `run` bytes at base + sum(i_d * strides[d]); strides are positive and fall from one dimension to the next.
/// Where there are places, all of that is at each of them, counted from `base`; a place that is there twice counts
/// twice.
struct Footprint {
  bundle::Memory memory = bundle::Memory::dram;
  uint32_t unit = 0;
  bool isWritten = false;
  int64_t base = 0;
  int64_t run = 0; ///< 0: nothing is touched
  Extents shape, strides;
  std::vector<int64_t> places{}; ///< in rising order

  bool isEmpty() const { return run == 0; }
  int64_t first() const { return places.empty() ? base : base + places.front(); }
  int64_t last() const;
  int64_t runs() const {
    return isEmpty() ? 0 : countOf(shape) * std::max<int64_t>(1, static_cast<int64_t>(places.size()));
  }
  int64_t bytes() const { return runs() * run; }
  /// Calls f(first byte) for each run, until it gives false. Gives whether all were visited.
  template <typename F> bool forEachRun(F f) const {
    static constexpr int64_t onlyBase[] = {0};
    if (isEmpty())
      return true;
    for (int64_t place : places.empty() ? llvm::ArrayRef<int64_t>(onlyBase) : llvm::ArrayRef<int64_t>(places)) {
      Odometer at(shape, strides);
      for (int64_t i = 0, n = countOf(shape); i < n; ++i, at.next())
        if (!f(base + place + at.offset()))
          return false;
    }
    return true;
  }

  /// What an access touches for the values that the registers have.
  static Footprint of(const bundle::AccessUse &use, llvm::ArrayRef<int64_t> registers);
  /// What an access touches of a part of its index space.
  static Footprint of(const DecodedAccess &access, const Box &box, bool isWritten, llvm::ArrayRef<int64_t> registers);
};

/// What one execution of a command touches.
struct Touched {
  llvm::SmallVector<Footprint, 4> footprints; ///< none is empty; reads before writes
  uint64_t dramBytes = 0;                     ///< read from and written to DRAM
  uint64_t sharedBytes = 0;                   ///< read from and written to shared SRAM
  uint64_t writtenBytes = 0;

  /// Adds a footprint, unless it is empty.
  void add(Footprint footprint);
  /// What a command's accesses touch for the values that the registers have.
  static Touched by(const bundle::Command &command, llvm::ArrayRef<int64_t> registers);
};

enum class Meeting : uint8_t { Apart, Overlap, TooCostly };

/// Whether two footprints share a byte, exactly; `byte` is set to one that they share. Gives up when that would take
/// more than `budget` steps, and subtracts from it what it took.
Meeting meet(const Footprint &a, const Footprint &b, uint64_t &budget, int64_t &byte);

} // namespace rblnc::emulator
