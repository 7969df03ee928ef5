#include "VectorTransfer.h"

namespace rblnc::emulator {

void BlockWalk::startRows(int64_t rowCount) {
  rowOffsets.resize(static_cast<size_t>(rowCount));
  for (int64_t &offset : rowOffsets) {
    offset = rowAt.offset();
    rowAt.next();
  }
  stride = rowCount > 1 ? rowOffsets[1] - rowOffsets[0] : 0;
  isRegular = true;
  for (size_t r = 1; r < rowOffsets.size() && isRegular; ++r)
    isRegular = rowOffsets[r] - rowOffsets[r - 1] == stride;
}

void BlockWalk::startElements(int64_t from, int64_t howMany) {
  first = from;
  count = howMany;
  if (hasElementStride())
    return;
  // Blocks that hold whole rows see the same elements every time.
  if (offsetsFirst == from && static_cast<int64_t>(elementOffsets.size()) == howMany)
    return;
  offsetsFirst = from;
  elementOffsets.resize(static_cast<size_t>(howMany));
  Odometer at(command->inner, walk->inner);
  at.seek(from);
  for (int64_t &offset : elementOffsets) {
    offset = at.offset();
    at.next();
  }
}

namespace {

/// Calls `strided(cell element, first byte offset, stride, count)` or `irregular(cell element, first byte offset,
/// offsets)` for the runs that make up a block, in the order in which the cell holds them.
template <typename Strided, typename Irregular>
void forEachRun(const BlockWalk &walk, bool isColumns, int64_t bytes, Strided strided, Irregular irregular) {
  int64_t rows = walk.rows(), n = walk.elements();
  if (isColumns) {
    for (int64_t i = 0; i < n; ++i) {
      if (walk.hasRowStride())
        strided(i * rows, walk.offsetsOfRows()[0] + walk.elementOffset(i), walk.rowStride(), rows);
      else
        irregular(i * rows, walk.elementOffset(i), walk.offsetsOfRows());
    }
    return;
  }
  if (!walk.hasElementStride()) {
    for (int64_t r = 0; r < rows; ++r)
      irregular(r * n, walk.offsetsOfRows()[static_cast<size_t>(r)], walk.offsetsOfElements());
    return;
  }
  bool isOneRun = walk.hasRowStride() && (rows == 1 || walk.rowStride() == n * walk.elementStride());
  if (isOneRun && (walk.elementStride() == bytes || rows == 1))
    return strided(0, walk.offsetsOfRows()[0] + walk.firstElement(), walk.elementStride(), rows * n);
  for (int64_t r = 0; r < rows; ++r)
    strided(r * n, walk.offsetsOfRows()[static_cast<size_t>(r)] + walk.firstElement(), walk.elementStride(), n);
}

/// Whether memory holds elements of a dtype just as a cell does.
bool isHeldAsIs(DType dtype) { return dtype != DType::i1 && dtype != DType::f16 && dtype != DType::bf16; }

template <typename T> void indexInto(bool isColumns, const BlockWalk &walk, uint8_t *cell) {
  auto *out = reinterpret_cast<T *>(cell);
  int64_t rows = walk.rows(), n = walk.elements();
  auto rowsOffsets = walk.offsetsOfRows();
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t i = 0; i < n; ++i) {
      int64_t value = rowsOffsets[static_cast<size_t>(r)] + walk.elementOffset(i);
      out[isColumns ? i * rows + r : r * n + i] = static_cast<T>(value);
    }
}

template <typename F> void withInteger(Storage storage, F f) {
  switch (storage) {
  case Storage::I1:
    return f(uint8_t());
  case Storage::I8:
    return f(int8_t());
  case Storage::I16:
    return f(int16_t());
  case Storage::I32:
    return f(int32_t());
  default:
    return f(int64_t());
  }
}

} // namespace

void loadBlock(const KernelTable &kernels, DType dtype, bool isColumns, const uint8_t *base, const BlockWalk &walk,
               uint8_t *cell, uint8_t **inPlace) {
  auto bytes = static_cast<int64_t>(bytesOf(dtype)), held = static_cast<int64_t>(bytesOf(storageOf(dtype)));
  int64_t all = walk.rows() * walk.elements();
  auto type = static_cast<size_t>(dtype);
  forEachRun(
      walk, isColumns, bytes,
      [&](int64_t at, int64_t offset, int64_t stride, int64_t count) {
        const uint8_t *from = base + offset;
        if (inPlace && count == all && stride == bytes && isHeldAsIs(dtype) &&
            reinterpret_cast<uintptr_t>(from) % static_cast<uintptr_t>(bytes) == 0) {
          *inPlace = const_cast<uint8_t *>(from);
          return;
        }
        kernels.load[type](cell + at * held, from, stride, static_cast<size_t>(count));
      },
      [&](int64_t at, int64_t offset, llvm::ArrayRef<int64_t> offsets) {
        kernels.gather[type](cell + at * held, base + offset, offsets.data(), offsets.size());
      });
}

void storeBlock(const KernelTable &kernels, DType dtype, bool isColumns, uint8_t *base, const BlockWalk &walk,
                const uint8_t *cell) {
  auto bytes = static_cast<int64_t>(bytesOf(dtype)), held = static_cast<int64_t>(bytesOf(storageOf(dtype)));
  auto type = static_cast<size_t>(dtype);
  forEachRun(
      walk, isColumns, bytes,
      [&](int64_t at, int64_t offset, int64_t stride, int64_t count) {
        kernels.store[type](base + offset, stride, cell + at * held, static_cast<size_t>(count));
      },
      [&](int64_t at, int64_t offset, llvm::ArrayRef<int64_t> offsets) {
        kernels.scatter[type](base + offset, offsets.data(), cell + at * held, offsets.size());
      });
}

void loadScalars(const KernelTable &kernels, DType dtype, const uint8_t *base, const BlockWalk &walk, uint8_t *cell) {
  auto type = static_cast<size_t>(dtype);
  auto offsets = walk.offsetsOfRows();
  if (walk.hasRowStride())
    kernels.load[type](cell, base + offsets[0], walk.rowStride(), offsets.size());
  else
    kernels.gather[type](cell, base, offsets.data(), offsets.size());
}

void storeScalars(const KernelTable &kernels, DType dtype, uint8_t *base, const BlockWalk &walk, const uint8_t *cell) {
  auto type = static_cast<size_t>(dtype);
  auto offsets = walk.offsetsOfRows();
  if (walk.hasRowStride())
    kernels.store[type](base + offsets[0], walk.rowStride(), cell, offsets.size());
  else
    kernels.scatter[type](base, offsets.data(), cell, offsets.size());
}

void indexBlock(Storage storage, bool isColumns, const BlockWalk &walk, uint8_t *cell) {
  withInteger(storage, [&](auto zero) { indexInto<decltype(zero)>(isColumns, walk, cell); });
  if (storage == Storage::I1)
    for (int64_t i = 0; i < walk.rows() * walk.elements(); ++i)
      cell[i] &= 1;
}

void indexScalars(Storage storage, const BlockWalk &walk, uint8_t *cell) {
  withInteger(storage, [&](auto zero) {
    using T = decltype(zero);
    auto *out = reinterpret_cast<T *>(cell);
    for (int64_t offset : walk.offsetsOfRows())
      *out++ = static_cast<T>(offset);
  });
  if (storage == Storage::I1)
    for (int64_t i = 0; i < walk.rows(); ++i)
      cell[i] &= 1;
}

} // namespace rblnc::emulator
