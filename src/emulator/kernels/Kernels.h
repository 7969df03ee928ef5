// The host kernels that commands are made of: tight typed loops over flat arrays, one table of function pointers for
// each host instruction set. The sets give bit-identical results (but for the payload of a NaN): no fused multiply-add
// where none is asked for, and no order of summation that depends on the vector width.
//
// Values of a vector program are held in arrays by "storage": i1 as bytes 0 and 1, integers as they are, and f16, bf16
// and f32 all as float. A float array of dtype f16 or bf16 holds only values of that dtype: every operation is computed
// in f32 and followed by a rounding kernel. Loads and stores keep the bits of NaNs, and roundings make them quiet.
#pragma once

#include "rblnc/bundle/bundle_generated.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace rblnc::emulator {

using bundle::DType;
using bundle::Op;

enum class Storage : uint8_t { I1, I8, I16, I32, I64, F32 };
inline constexpr size_t storageCount = 6;

inline Storage storageOf(DType dtype) { return dtype <= DType::i64 ? static_cast<Storage>(dtype) : Storage::F32; }
inline size_t bytesOf(Storage storage) {
  constexpr uint8_t bytes[] = {1, 1, 2, 4, 8, 4};
  return bytes[static_cast<size_t>(storage)];
}

inline constexpr size_t dtypeCount = 8;
inline constexpr size_t opCount = static_cast<size_t>(Op::MAX) + 1;
/// Accumulators of a reduction: element i of a row goes to lane i mod 16, in order.
inline constexpr size_t reductionLanes = 16;
inline constexpr size_t maxTileRows = 16;

/// dst[i] = f(a[i], b[i], c[i]). dst overlaps none of the operands; operands that the operation lacks are ignored.
using ElementwiseFn = void (*)(void *dst, const void *a, const void *b, const void *c, size_t n);
/// Rounds n floats in place to a narrower format.
using RoundFn = void (*)(float *values, size_t n);
/// n elements of memory, `stride` bytes apart, to storage.
using LoadFn = void (*)(void *dst, const uint8_t *src, int64_t stride, size_t n);
/// As LoadFn with the byte offset of every element given.
using GatherFn = void (*)(void *dst, const uint8_t *src, const int64_t *offsets, size_t n);
using StoreFn = void (*)(uint8_t *dst, int64_t stride, const void *src, size_t n);
using ScatterFn = void (*)(uint8_t *dst, const int64_t *offsets, const void *src, size_t n);
/// Reduces `rows` rows of n elements, `pitch` apart, into lanes[row][16]. `first`: the lanes are empty. Otherwise the
/// row continues at an element whose number is a multiple of 16.
using ReduceRowsFn = void (*)(void *lanes, const void *src, size_t rows, size_t pitch, size_t n, bool first);
/// The same for data[n][rows] into lanes[16][rows].
using ReduceColumnsFn = void (*)(void *lanes, const void *src, size_t rows, size_t n, bool first);
/// Combines the `active` first lanes of each row as a tree: lane j with lane j+8, then j+4, j+2, j+1.
using FinishFn = void (*)(void *dst, void *lanes, size_t rows, size_t active);

struct ReduceKernels {
  ReduceRowsFn rows = nullptr;
  ReduceColumnsFn columns = nullptr;
  FinishFn finishRows = nullptr;
  FinishFn finishColumns = nullptr;
};

/// c[i * ldc + j] += sum over k of a[k * tileRows + i] * b[k * tileColumns + j], k ascending, for some number of rows.
template <typename T> using TileFn = void (*)(const T *a, const T *b, T *c, size_t ldc, size_t k);

template <typename T> struct TileKernels {
  size_t tileRows = 0;
  size_t tileColumns = 0;
  /// byRows[r - 1] computes the first r rows of a tile.
  std::array<TileFn<T>, maxTileRows> byRows{};
};

struct KernelTable {
  const char *isa;
  /// [op][storage of the first operand]; comparisons, casts and constants have their own tables.
  std::array<std::array<ElementwiseFn, storageCount>, opCount> elementwise{};
  std::array<ElementwiseFn, 16> compareFloat{};
  std::array<std::array<ElementwiseFn, storageCount>, 10> compareInt{};
  /// [storage of the operand's dtype][storage of the result].
  std::array<std::array<ElementwiseFn, storageCount>, storageCount> castSigned{};
  std::array<std::array<ElementwiseFn, storageCount>, storageCount> castUnsigned{};
  /// Integers of 32 and 64 bits to float, rounded to odd: a rounding to f16 or bf16 that follows is then exact.
  std::array<std::array<ElementwiseFn, storageCount>, 2> castToOdd{};
  /// a * b + c exactly enough that a rounding to f16 or bf16 that follows is the only one.
  ElementwiseFn fmaToOdd = nullptr;
  /// How many of n elements are zero.
  std::array<size_t (*)(const void *values, size_t n), storageCount> countZeros{};

  RoundFn roundF16 = nullptr, roundBf16 = nullptr, roundDlf16 = nullptr;

  /// By the memory's dtype.
  std::array<LoadFn, dtypeCount> load{};
  std::array<GatherFn, dtypeCount> gather{};
  std::array<StoreFn, dtypeCount> store{};
  std::array<ScatterFn, dtypeCount> scatter{};
  /// Integers of a matrix product's operands, widened to i32.
  std::array<LoadFn, dtypeCount> loadWide{};

  /// dst[i] = the value at src.
  std::array<void (*)(void *dst, const void *src, size_t n), storageCount> splat{};
  /// dst[r * n + i] = src[r].
  std::array<void (*)(void *dst, const void *src, size_t rows, size_t n), storageCount> repeatRows{};
  /// dst[i * rows + r] = src[r].
  std::array<void (*)(void *dst, const void *src, size_t rows, size_t n), storageCount> repeatColumns{};

  std::array<std::array<ReduceKernels, storageCount>, opCount> reduce{};

  TileKernels<float> tileF32;
  TileKernels<int32_t> tileI32;
};

/// The table for this host, chosen once. The environment variable RBLNC_ISA (baseline, avx2 or avx512) chooses a lesser
/// one, for tests.
const KernelTable &kernels();

const KernelTable &baselineKernels();
const KernelTable &avx2Kernels();
const KernelTable &avx512Kernels();

} // namespace rblnc::emulator
