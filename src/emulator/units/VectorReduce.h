// Reductions along the rows of a vector program.
#pragma once

#include "VectorPlan.h"

#include <vector>

namespace rblnc::emulator {

/// Runs steps over arrays of n elements. `cells` gives the place of every cell; `scratch` has room for n elements of 8
/// bytes. Returns how many divisors were zero, if they are counted.
uint64_t runFlat(const Context &context, llvm::ArrayRef<FlatStep> steps, llvm::ArrayRef<uint8_t *> cells, size_t n,
                 uint8_t *scratch);
/// Rounds a cell's values as one step's result.
void roundCell(const Context &context, Rounding rounding, uint8_t *cell, size_t n);

/// The state of one reduction while the blocks of some rows go by.
class Reducer {
public:
  Reducer(const VectorCommand &command, const Reduce &reduce);

  /// Takes the next block of the rows. `cells` are the command's.
  void accumulate(const Context &context, llvm::ArrayRef<uint8_t *> cells, size_t rows, size_t n, bool isFirst);
  /// Writes the results, one element a row.
  void finish(const Context &context, llvm::ArrayRef<uint8_t *> cells, size_t rows);

  uint64_t zeroDivisors = 0;

private:
  using Arrays = std::vector<std::vector<uint8_t>>;

  /// Reduces n elements a row to one. `values` holds them as [row][n], or as [n][row] when `isColumns`.
  void reduceTree(const Context &context, llvm::ArrayRef<uint8_t *> cells, Arrays &values, size_t rows, size_t n,
                  bool isColumns);
  void combine(const Context &context, llvm::ArrayRef<uint8_t *> cells, size_t n);

  const VectorCommand &command;
  const Reduce &reduce;
  // Simple reductions.
  std::vector<uint8_t> lanes;
  size_t active = 0;
  // General ones: the results of the blocks so far, as [block][row].
  Arrays pending, values, left, right, combined;
  size_t pendingBlocks = 0;
  std::vector<std::vector<uint8_t>> temporaries;
  std::vector<uint8_t> scratch;
};

} // namespace rblnc::emulator
