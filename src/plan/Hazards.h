// What commands read and write, and which earlier commands they depend on through that.
#pragma once

#include "rblnc/npu/Dialect.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <map>
#include <vector>

namespace rblnc::plan {

/// One past the number of a command within its queue; 0 is "none".
using Position = int64_t;
/// By queue: the position that must be done.
using Needs = llvm::SmallVector<Position, 4>;

/// What a command depends on. In a branch, what lies before it is kept apart: a need inside, which may be skipped, does
/// not hide it.
struct Dependence {
  /// Number of the branch that the command is in, or -1.
  int branch;
  /// By queue: the last position before the branch; outside of branches, before the command.
  Needs border;
  Needs before, inside;

  /// Whether a need of this position would add nothing.
  bool has(int queue, Position position) const {
    return position <= (position <= border[queue] ? before : inside)[queue];
  }
  void add(int queue, Position position) {
    Position &need = position <= border[queue] ? before[queue] : inside[queue];
    need = std::max(need, position);
  }
};

/// One memory that a command reads or writes: the elements of `access` over the index space `shape`, but for what lies
/// outside of a transfer's clips.
struct Touch {
  mlir::Value memory;
  npu::AccessAttr access;
  llvm::ArrayRef<int64_t> shape;
  bool isWrite;
  mlir::ArrayAttr clips; // may be null
};

/// What a command reads and writes.
struct Effects {
  llvm::SmallVector<Touch, 4> touches;
  llvm::SmallVector<int64_t, 2> registersRead;
  int64_t registerWritten = -1;
};

/// The effects of a command that touches memory or registers.
Effects effectsOf(mlir::Operation *command);

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

/// The elements of a strided block, for every value that its registers may have: lo + sum(i_d * stride_d) with
/// 0 <= i_d < count_d and positive strides, from lo to hi.
struct Footprint {
  struct Dimension {
    int64_t stride, count;
  };
  __int128 lo = 0, hi = 0;
  llvm::SmallVector<Dimension, 6> dimensions;

  static Footprint of(const Touch &touch, mlir::ArrayAttr registers);
  /// Proven to have no element in common. Where the blocks interleave, as the rows of different heads do, they are
  /// compared within one period of a stride.
  bool isApartFrom(const Footprint &other) const;
};

/// An array in DRAM and how commands have touched it.
class Array {
public:
  void touch(Footprint footprint, bool write, int queue, Position position, Dependence &needs);

private:
  struct Past {
    Footprint footprint;
    bool isWrite;
    int queue;
    Position position;
  };
  std::vector<Past> pasts;
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
