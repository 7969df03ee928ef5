// A decoded vector program: the order in which it is computed, block by block, and where its values live meanwhile.
//
// The index space is cut into blocks of `blockRows` rows by `blockLength` elements, small enough for the host's first
// level cache. A program without reductions is one phase: load a block, run the steps over it, store it. A reduction
// ends a phase, because its result needs all of a row; the phases after it go over the row again. When a whole row fits
// a block, a block is loaded once and stays for all phases; otherwise inputs are loaded again in every phase that needs
// them, and computed values that a later phase needs are kept for the whole row ("spilled").
//
// Values are arrays, called cells: row cells with an element for each element of the block, scalar cells with an
// element for each row of the block. A scalar that meets row values is expanded to a row cell first, so that every step
// is one flat loop over arrays of one length.
#pragma once

#include "Units.h"

#include <vector>

namespace rblnc::emulator {

using Cell = uint32_t;
inline constexpr Cell noCell = ~0u;

/// What a result has to be rounded to: the format of its dtype, or for F32 the device's.
enum class Rounding : uint8_t { None, F16, Bf16, F32 };

/// One operation over flat arrays.
struct FlatStep {
  /// Null for a bitcast.
  ElementwiseFn fn = nullptr;
  /// What computes an f32 in place of `fn` when it is rounded to the device's type, so that it is rounded once.
  ElementwiseFn deviceFn = nullptr;
  Rounding rounding = Rounding::None;
  /// Integer divisions: the divisors (operand b) are counted when they are zero.
  bool isDivision = false;
  Storage divisor = Storage::I32;
  DType from = DType::i32, to = DType::i32; ///< of a bitcast
  Cell dst = noCell, a = noCell, b = noCell, c = noCell;
};

/// Steps over arrays that are all of one length: what a combiner is.
struct FlatProgram {
  std::vector<FlatStep> steps;
  std::vector<Storage> cells; ///< inputs first
  std::vector<Cell> yields;
  /// Cells of this program that are row cells of the command, filled with one value.
  struct Constant {
    Cell local, outside;
  };
  std::vector<Constant> constants;
};

/// How an access, or an index, walks the rows and the elements of a row. For an index the strides count 1, not bytes.
struct Walk {
  Extents outer, inner;
};

struct Operand {
  DecodedAccess access; ///< over the original index space
  Walk walk;
  /// No output has this access, so a block may be read where it lies.
  bool canBeReadInPlace = false;
};

struct Reduce {
  bool isSimple = true;
  ReduceKernels kernels;
  Rounding rounding = Rounding::None;
  std::vector<Storage> storages; ///< of operands and results
  FlatProgram combiner;
  std::vector<Cell> operands, results;
};

/// What happens to a block in a phase, in order.
struct BlockStep {
  enum Kind : uint8_t { Load, Index, Compute, Accumulate, Store } kind;
  /// Load: input. Index: index. Accumulate: reduction. Store: output.
  uint32_t number = 0;
  Cell cell = noCell;
  FlatStep compute;
};

struct Expansion {
  Cell scalar, row;
  Storage storage;
};

struct Phase {
  std::vector<FlatStep> scalarSteps;
  std::vector<Expansion> expansions;
  std::vector<BlockStep> block;
  std::vector<uint32_t> reductions; ///< that end with this phase
};

struct ConstantCell {
  Cell cell;
  Storage storage;
  DType dtype;
  uint64_t bits; ///< as in memory
};

struct CellInfo {
  Storage storage = Storage::F32;
  bool isRow = false;
  bool isSpilled = false;
  /// Offset in the plan's arena.
  size_t offset = 0;
};

struct VectorCommand : CommandBase {
  Extents shape; ///< the original index space
  Extents outer, inner;
  int64_t rows = 0, length = 0;
  int64_t blockRows = 1, blockLength = 1;
  /// Whether a block holds its rows as columns: [element][row] instead of [row][element].
  bool isColumns = false;

  std::vector<Operand> inputs, outputs;
  struct Index {
    Walk walk;
    Storage storage;
  };
  std::vector<Index> indices;
  std::vector<Reduce> reductions;
  std::vector<ConstantCell> constants;
  std::vector<CellInfo> cells;
  struct ScalarMove {
    uint32_t number; ///< of an input, index or output
    Cell cell;
  };
  std::vector<ScalarMove> scalarLoads, scalarIndices, scalarStores;
  std::vector<Phase> phases;
  size_t arenaBytes = 0;

  bool isOneBlockLong() const { return blockLength == length; }
  size_t blockElements() const { return static_cast<size_t>(blockRows * blockLength); }
  /// Spilled cells hold this many blocks.
  size_t blocksPerRow() const { return static_cast<size_t>((length + blockLength - 1) / blockLength); }

  /// How many scalar operations the program makes: one for each instruction and element, and for each element and
  /// instruction of a combiner.
  uint64_t scalarOperations() const;

  static constexpr CommandClass kind = CommandClass::Vector;
  double work() const {
    constexpr double perElement = 4; // beside an element of a transfer
    return perElement * static_cast<double>(rows) * static_cast<double>(length);
  }
  CommandCost cost(const CostModel &model, const Touched &touched) const {
    return model.vector(static_cast<double>(scalarOperations()), static_cast<double>(touched.dramBytes),
                        static_cast<double>(touched.sharedBytes));
  }
  Outcome execute(const Context &context) const;
};
VectorCommand decode(const bundle::Vector &vector);

} // namespace rblnc::emulator
