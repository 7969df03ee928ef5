// Blocks of a vector program to and from memory.
#pragma once

#include "VectorPlan.h"

#include <vector>

namespace rblnc::emulator {

/// The elements of one block along one walk: where each row begins, and where elements lie within a row. Offsets are
/// relative to the access's first element.
class BlockWalk {
public:
  BlockWalk(const VectorCommand &command, const Walk &walk)
      : command(&command), walk(&walk), rowAt(command.outer, walk.outer) {}

  /// Goes on to the rows [row, row + count). Rows are visited in order.
  void startRows(int64_t count);
  /// Chooses the elements [first, first + count) of the rows.
  void startElements(int64_t first, int64_t count);

  int64_t rows() const { return static_cast<int64_t>(rowOffsets.size()); }
  int64_t elements() const { return count; }
  llvm::ArrayRef<int64_t> offsetsOfRows() const { return rowOffsets; }
  /// Whether rows are rowStride() apart.
  bool hasRowStride() const { return isRegular; }
  int64_t rowStride() const { return stride; }
  /// Whether elements are elementStride() apart, from firstElement() on; otherwise offsetsOfElements() has them.
  bool hasElementStride() const { return walk->inner.size() <= 1; }
  int64_t elementStride() const { return walk->inner.empty() ? 0 : walk->inner[0]; }
  int64_t firstElement() const { return first * elementStride(); }
  llvm::ArrayRef<int64_t> offsetsOfElements() const { return elementOffsets; }
  int64_t elementOffset(int64_t i) const {
    return hasElementStride() ? (first + i) * elementStride() : elementOffsets[static_cast<size_t>(i)];
  }

private:
  const VectorCommand *command;
  const Walk *walk;
  Odometer rowAt;
  std::vector<int64_t> rowOffsets, elementOffsets;
  int64_t first = 0, count = 0, stride = 0, offsetsFirst = -1;
  bool isRegular = true;
};

/// Loads a block into a row cell. When `inPlace` is given and the block lies in memory as it would in the cell, sets it
/// to the block's place there and copies nothing.
void loadBlock(const KernelTable &kernels, DType dtype, bool isColumns, const uint8_t *base, const BlockWalk &walk,
               uint8_t *cell, uint8_t **inPlace);
void storeBlock(const KernelTable &kernels, DType dtype, bool isColumns, uint8_t *base, const BlockWalk &walk,
                const uint8_t *cell);
/// One element a row: the row's first.
void loadScalars(const KernelTable &kernels, DType dtype, const uint8_t *base, const BlockWalk &walk, uint8_t *cell);
void storeScalars(const KernelTable &kernels, DType dtype, uint8_t *base, const BlockWalk &walk, const uint8_t *cell);
/// The numbers of an index walk, as integers of a storage.
void indexBlock(Storage storage, bool isColumns, const BlockWalk &walk, uint8_t *cell);
void indexScalars(Storage storage, const BlockWalk &walk, uint8_t *cell);

} // namespace rblnc::emulator
