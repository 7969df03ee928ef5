// What commands read and write, and which earlier commands they depend on through that.
#pragma once

#include "Array.h"
#include "Dependence.h"
#include "Footprint.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

#include <map>

namespace rblnc::plan {

/// What a command reads and writes.
struct Effects {
  llvm::SmallVector<Touch, 4> touches;
  llvm::SmallVector<int64_t, 2> registersRead;
  int64_t registerWritten = -1;
};

/// The effects of a command; those of anything else are none.
Effects effectsOf(mlir::Operation *op);

/// One address space, cut into pieces where accesses begin and end. Registers are a space too.
class Space {
public:
  /// Adds to `needs` what an access of [begin, end) by `queue` depends on, and records it.
  void touch(int64_t begin, int64_t end, bool write, int queue, Position position, Dependence &needs);

private:
  /// Who touched memory last: the last write, and the reads since.
  struct Touches {
    int writer = -1;
    Position write = 0;
    Needs reads;

    void addTo(Dependence &needs, bool isWrite) const;
  };
  /// A piece of memory. Since commands of a branch may be skipped, each of them also depends on what was there before.
  struct Piece {
    int64_t end = 0;
    Touches last, beforeBranch;
    int branch = -1; // that `beforeBranch` is of
  };
  void cut(int64_t at);

  std::map<int64_t, Piece> pieces;
};

/// All memories and registers of a program, followed in program order.
class Hazards {
public:
  explicit Hazards(mlir::ArrayAttr registers) : registerBounds(registers) {}

  /// Adds to `needs` what a command with these effects depends on, and records it.
  void follow(const Effects &effects, int queue, Position position, Dependence &needs);

private:
  void follow(const Touch &touch, int queue, Position position, Dependence &needs);

  mlir::ArrayAttr registerBounds;
  /// SRAM and workspace by space and unit.
  std::map<std::pair<int, int64_t>, Space> buffers;
  llvm::DenseMap<mlir::Value, Array> arrays;
  Space registers;
};

} // namespace rblnc::plan
