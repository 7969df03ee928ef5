// What commands read and write, and which earlier commands they depend on through that.
#pragma once

#include "rblnc/npu/Dialect.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

#include <map>

namespace rblnc::plan {

/// One past the number of a command within its queue; 0 is "none".
using Position = int64_t;
/// By queue: the position that must be done.
using Needs = llvm::SmallVector<Position, 4>;

/// What a command reads and writes.
struct Effects {
  llvm::SmallVector<mlir::Value, 4> reads, writes;
  llvm::SmallVector<int64_t, 2> registersRead;
  int64_t registerWritten = -1;
};

/// The effects of a command that touches memory or registers.
Effects effectsOf(mlir::Operation *command);

/// One address space, cut into pieces where accesses begin and end. Registers are a space too.
class Space {
public:
  /// Adds to `needs` what an access of [begin, end) by `queue` depends on, and records it.
  void touch(int64_t begin, int64_t end, bool write, int queue, Position position, Needs &needs);

private:
  /// A piece of memory and who touched it last: the last write, and the reads since.
  struct Piece {
    int64_t end = 0;
    int writer = -1;
    Position write = 0;
    Needs reads;
  };
  void cut(int64_t at);

  std::map<int64_t, Piece> pieces;
};

/// All memories and registers of a program, followed in program order.
class Hazards {
public:
  /// Adds to `needs` what a command with these effects depends on, and records it.
  void follow(const Effects &effects, int queue, Position position, Needs &needs);

private:
  void touch(mlir::Value memory, bool write, int queue, Position position, Needs &needs);

  /// SRAM and workspace by space and unit, one space for each other DRAM region.
  std::map<std::pair<int, int64_t>, Space> buffers;
  llvm::DenseMap<mlir::Value, Space> regions;
  Space registers;
};

} // namespace rblnc::plan
