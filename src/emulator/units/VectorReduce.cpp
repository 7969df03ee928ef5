#include "VectorReduce.h"

#include <algorithm>
#include <cstring>

namespace rblnc::emulator {

void roundCell(const Context &context, Rounding rounding, uint8_t *cell, size_t n) {
  RoundFn fn = nullptr;
  switch (rounding) {
  case Rounding::None:
    return;
  case Rounding::F16:
    fn = context.kernels.roundF16;
    break;
  case Rounding::Bf16:
    fn = context.kernels.roundBf16;
    break;
  case Rounding::F32:
    fn = context.roundF32;
    break;
  }
  if (fn)
    fn(reinterpret_cast<float *>(cell), n);
}

uint64_t runFlat(const Context &context, llvm::ArrayRef<FlatStep> steps, llvm::ArrayRef<uint8_t *> cells, size_t n,
                 uint8_t *scratch) {
  uint64_t zeroDivisors = 0;
  auto at = [&](Cell cell) { return cell == noCell ? nullptr : cells[cell]; };
  for (const FlatStep &step : steps) {
    uint8_t *dst = cells[step.dst];
    if (step.fn) {
      if (step.isDivision && context.countsZeroDivisors)
        zeroDivisors += context.kernels.countZeros[static_cast<size_t>(step.divisor)](cells[step.b], n);
      bool isDevice = step.deviceFn && step.rounding == Rounding::F32 && context.roundF32;
      (isDevice ? step.deviceFn : step.fn)(dst, at(step.a), at(step.b), at(step.c), n);
    } else {
      // A bitcast goes through the bytes that memory would hold.
      auto bytes = static_cast<int64_t>(bytesOf(step.from));
      context.kernels.store[static_cast<size_t>(step.from)](scratch, bytes, cells[step.a], n);
      context.kernels.load[static_cast<size_t>(step.to)](dst, scratch, bytes, n);
    }
    roundCell(context, step.rounding, dst, n);
  }
  return zeroDivisors;
}

Reducer::Reducer(const VectorCommand &command, const Reduce &reduce) : command(command), reduce(reduce) {
  if (reduce.isSimple) {
    lanes.resize(reductionLanes * static_cast<size_t>(command.blockRows) * bytesOf(reduce.storages[0]));
    return;
  }
  size_t count = reduce.storages.size();
  for (Arrays *arrays : {&pending, &values, &left, &right, &combined})
    arrays->resize(count);
  temporaries.resize(reduce.combiner.cells.size());
}

void Reducer::accumulate(const Context &context, llvm::ArrayRef<uint8_t *> cells, size_t rows, size_t n, bool isFirst) {
  if (reduce.isSimple) {
    const uint8_t *source = cells[reduce.operands[0]];
    if (command.isColumns)
      reduce.kernels.columns(lanes.data(), source, rows, n, isFirst);
    else
      reduce.kernels.rows(lanes.data(), source, rows, n, n, isFirst);
    active = isFirst ? std::min(n, reductionLanes) : reductionLanes;
    return;
  }
  if (isFirst)
    pendingBlocks = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    size_t bytes = bytesOf(reduce.storages[i]);
    values[i].resize(rows * n * bytes);
    std::memcpy(values[i].data(), cells[reduce.operands[i]], values[i].size());
  }
  reduceTree(context, cells, values, rows, n, command.isColumns);
  ++pendingBlocks;
  for (size_t i = 0; i < values.size(); ++i) {
    size_t bytes = rows * bytesOf(reduce.storages[i]);
    pending[i].resize(pendingBlocks * bytes);
    std::memcpy(pending[i].data() + (pendingBlocks - 1) * bytes, values[i].data(), bytes);
  }
}

void Reducer::finish(const Context &context, llvm::ArrayRef<uint8_t *> cells, size_t rows) {
  if (reduce.isSimple) {
    FinishFn fn = command.isColumns ? reduce.kernels.finishColumns : reduce.kernels.finishRows;
    fn(cells[reduce.results[0]], lanes.data(), rows, active);
    roundCell(context, reduce.rounding, cells[reduce.results[0]], rows);
    return;
  }
  // Blocks begin at multiples of a power of two, so the tree over their results is the upper part of the row's tree.
  reduceTree(context, cells, pending, rows, pendingBlocks, /*isColumns=*/true);
  for (size_t i = 0; i < pending.size(); ++i)
    std::memcpy(cells[reduce.results[i]], pending[i].data(), rows * bytesOf(reduce.storages[i]));
}

namespace {

/// Splits [row][n] into the elements with even and with odd numbers; a last one without neighbour stays behind.
template <typename T> void splitRows(uint8_t *left, uint8_t *right, const uint8_t *from, size_t rows, size_t n) {
  size_t half = n / 2;
  for (size_t r = 0; r < rows; ++r)
    for (size_t i = 0; i < half; ++i) {
      std::memcpy(left + (r * half + i) * sizeof(T), from + (r * n + 2 * i) * sizeof(T), sizeof(T));
      std::memcpy(right + (r * half + i) * sizeof(T), from + (r * n + 2 * i + 1) * sizeof(T), sizeof(T));
    }
}

void split(uint8_t *left, uint8_t *right, const uint8_t *from, size_t rows, size_t n, size_t bytes, bool isColumns) {
  if (isColumns) {
    for (size_t i = 0; i < n / 2; ++i) {
      std::memcpy(left + i * rows * bytes, from + 2 * i * rows * bytes, rows * bytes);
      std::memcpy(right + i * rows * bytes, from + (2 * i + 1) * rows * bytes, rows * bytes);
    }
    return;
  }
  switch (bytes) {
  case 1:
    return splitRows<uint8_t>(left, right, from, rows, n);
  case 2:
    return splitRows<uint16_t>(left, right, from, rows, n);
  case 4:
    return splitRows<uint32_t>(left, right, from, rows, n);
  default:
    return splitRows<uint64_t>(left, right, from, rows, n);
  }
}

/// Puts the combined halves back, with the element that had no neighbour at the end of its row.
void join(std::vector<uint8_t> &values, const uint8_t *combined, size_t rows, size_t n, size_t bytes, bool isColumns) {
  size_t half = n / 2, kept = half + n % 2;
  if (isColumns) {
    if (n % 2)
      std::memmove(values.data() + half * rows * bytes, values.data() + (n - 1) * rows * bytes, rows * bytes);
    std::memcpy(values.data(), combined, half * rows * bytes);
    return;
  }
  for (size_t r = 0; r < rows; ++r) {
    // Row r moves towards the front, so what later rows still need is not overwritten.
    uint8_t *to = values.data() + r * kept * bytes;
    if (n % 2)
      std::memmove(to + half * bytes, values.data() + (r * n + n - 1) * bytes, bytes);
    std::memcpy(to, combined + r * half * bytes, half * bytes);
  }
}

} // namespace

void Reducer::reduceTree(const Context &context, llvm::ArrayRef<uint8_t *> cells, Arrays &of, size_t rows, size_t n,
                         bool isColumns) {
  for (; n > 1; n = n / 2 + n % 2) {
    size_t pairs = rows * (n / 2);
    for (size_t i = 0; i < of.size(); ++i) {
      size_t bytes = bytesOf(reduce.storages[i]);
      left[i].resize(pairs * bytes);
      right[i].resize(pairs * bytes);
      combined[i].resize(pairs * bytes);
      split(left[i].data(), right[i].data(), of[i].data(), rows, n, bytes, isColumns);
    }
    combine(context, cells, pairs);
    for (size_t i = 0; i < of.size(); ++i)
      join(of[i], combined[i].data(), rows, n, bytesOf(reduce.storages[i]), isColumns);
  }
}

void Reducer::combine(const Context &context, llvm::ArrayRef<uint8_t *> cells, size_t n) {
  const FlatProgram &program = reduce.combiner;
  size_t operands = reduce.storages.size();
  // Constants have been filled for as many elements as a block has.
  size_t piece = command.blockElements();
  scratch.resize(piece * 8);
  for (size_t i = 2 * operands; i < temporaries.size(); ++i)
    temporaries[i].resize(piece * bytesOf(program.cells[i]));
  std::vector<uint8_t *> places(program.cells.size());
  for (size_t first = 0; first < n; first += piece) {
    size_t count = std::min(piece, n - first);
    for (size_t i = 0; i < program.cells.size(); ++i)
      places[i] = temporaries[i].data();
    for (size_t i = 0; i < operands; ++i) {
      places[i] = left[i].data() + first * bytesOf(reduce.storages[i]);
      places[operands + i] = right[i].data() + first * bytesOf(reduce.storages[i]);
    }
    for (FlatProgram::Constant constant : program.constants)
      places[constant.local] = cells[constant.outside];
    zeroDivisors += runFlat(context, program.steps, places, count, scratch.data());
    for (size_t i = 0; i < operands; ++i) {
      size_t bytes = bytesOf(reduce.storages[i]);
      std::memcpy(combined[i].data() + first * bytes, places[program.yields[i]], count * bytes);
    }
  }
}

} // namespace rblnc::emulator
