// Matrix products: operands are packed into contiguous panels of f32 or i32 and multiplied tile by tile. Every element
// of the result is summed with k ascending, whatever the blocking and the host's vector width, so the order is fixed:
//   ieee:   s = c; for k: s = s + a[k] * b[k]           (each product and each sum rounded to f32)
//   device: s = c; for chunks of k (of the target): s = round(s + t), where t is the chunk's sum, formed as above from
//   0.
#include "Units.h"

#include "rblnc/bundle/Ops.h"
#include "rblnc/support/Watch.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace rblnc::emulator {
namespace {

constexpr size_t blockRows = 192, blockColumns = 512, blockDepth = 256;

size_t roundUp(size_t value, size_t multiple) { return (value + multiple - 1) / multiple * multiple; }

/// The strides of one matrix.
struct Matrix {
  uint8_t *data;
  int64_t rowStride;
  int64_t columnStride;

  uint8_t *at(int64_t row, int64_t column) const { return data + row * rowStride + column * columnStride; }
};

/// One product of matrices, in accumulators of type T.
template <typename T> class Product {
public:
  Product(const Context &context, const TileKernels<T> &tiles, LoadFn loadOperand, bundle::DType c, bundle::DType d)
      : context(context), tiles(tiles), loadOperand(loadOperand), loadC(context.kernels.load[static_cast<size_t>(c)]),
        storeD(context.kernels.store[static_cast<size_t>(d)]) {
    constexpr bool isFloat = std::is_same_v<T, float>;
    rounds = isFloat && context.roundF32;
    roundsD = rounds && d == bundle::DType::f32;
  }

  /// Of all products of the command.
  size_t allBlocks = 1;

  static size_t blocksOf(size_t m, size_t n) {
    return (m + blockRows - 1) / blockRows * ((n + blockColumns - 1) / blockColumns);
  }

  /// False when the run was told to stop.
  bool run(const Matrix &a, const Matrix &b, const Matrix *c, const Matrix &d, size_t m, size_t n, size_t k) {
    size_t rows = roundUp(std::min(m, blockRows), tiles.tileRows);
    pitch = roundUp(std::min(n, blockColumns), tiles.tileColumns);
    size_t depth = std::min(k, blockDepth);
    left.resize(rows * depth);
    right.resize(pitch * depth);
    sums.resize(rows * pitch);
    if (rounds)
      partial.resize(rows * pitch);
    line.resize(std::max({depth, pitch, rows}));
    for (size_t i = 0; i < m; i += blockRows)
      for (size_t j = 0; j < n; j += blockColumns)
        if (++blocks; !runBlock(a, b, c, d, i, j, std::min(m - i, blockRows), std::min(n - j, blockColumns), k))
          return false;
    return true;
  }

private:
  bool runBlock(const Matrix &a, const Matrix &b, const Matrix *c, const Matrix &d, size_t i0, size_t j0, size_t rows,
                size_t columns, size_t k) {
    std::fill(sums.begin(), sums.end(), T(0));
    if (c)
      for (size_t i = 0; i < rows; ++i)
        loadC(&sums[i * pitch], c->at(i0 + i, j0), c->columnStride, columns);
    for (size_t p = 0; p < k; p += blockDepth) {
      if (wasStopped())
        return false;
      *context.part = std::min(1.0, static_cast<double>(blocks - 1) / static_cast<double>(allBlocks));
      size_t depth = std::min(k - p, blockDepth);
      pack(left, {a.at(i0, p), a.rowStride, a.columnStride}, rows, depth, tiles.tileRows);
      // b's panels hold columns, so its strides change roles.
      pack(right, {b.at(p, j0), b.columnStride, b.rowStride}, columns, depth, tiles.tileColumns);
      if (!rounds) {
        multiply(sums, rows, columns, 0, depth, depth);
        continue;
      }
      // A chunk may go on in the next block.
      for (size_t q = 0, count = 0; q < depth; q += count) {
        size_t inChunk = (p + q) % context.dotChunk;
        count = std::min(depth - q, context.dotChunk - inChunk);
        if (inChunk == 0)
          std::fill(partial.begin(), partial.end(), T(0));
        multiply(partial, rows, columns, q, count, depth);
        if (inChunk + count == context.dotChunk || p + q + count == k)
          addRounded();
      }
    }
    if (roundsD)
      roundSums();
    for (size_t i = 0; i < rows; ++i)
      storeD(d.at(i0 + i, j0), d.columnStride, &sums[i * pitch], columns);
    return true;
  }

  /// Panels of `width` neighbours each: panel[q][j] = element (first + j, q), zero beyond the last.
  void pack(std::vector<T> &panels, const Matrix &from, size_t count, size_t depth, size_t width) {
    int64_t element = static_cast<int64_t>(sizeof(T));
    for (size_t first = 0; first < count; first += width) {
      T *panel = &panels[first * depth];
      size_t present = std::min(width, count - first);
      if (present < width)
        std::fill(panel, panel + width * depth, T(0));
      bool isContiguousAcross = from.rowStride >= 0 && from.rowStride <= element;
      if (isContiguousAcross || depth < present) {
        for (size_t q = 0; q < depth; ++q)
          loadOperand(panel + q * width, from.at(first, q), from.rowStride, present);
        continue;
      }
      for (size_t j = 0; j < present; ++j) {
        loadOperand(line.data(), from.at(first + j, 0), from.columnStride, depth);
        for (size_t q = 0; q < depth; ++q)
          panel[q * width + j] = line[q];
      }
    }
  }

  /// Adds the products of the packed panels, over [first, first + depth) of their k, to `into`.
  void multiply(std::vector<T> &into, size_t rows, size_t columns, size_t first, size_t depth, size_t packedDepth) {
    for (size_t j = 0; j < columns; j += tiles.tileColumns) {
      const T *rightPanel = &right[j * packedDepth] + first * tiles.tileColumns;
      for (size_t i = 0; i < rows; i += tiles.tileRows) {
        const T *leftPanel = &left[i * packedDepth] + first * tiles.tileRows;
        tiles.byRows[std::min(tiles.tileRows, rows - i) - 1](leftPanel, rightPanel, &into[i * pitch + j], pitch, depth);
      }
    }
  }

  void addRounded() {
    if constexpr (std::is_same_v<T, float>) {
      for (size_t i = 0; i < sums.size(); ++i)
        sums[i] += partial[i];
      roundSums();
    }
  }

  void roundSums() {
    if constexpr (std::is_same_v<T, float>)
      context.roundF32(sums.data(), sums.size());
  }

  const Context &context;
  const TileKernels<T> &tiles;
  LoadFn loadOperand, loadC;
  StoreFn storeD;
  bool rounds = false, roundsD = false;
  size_t blocks = 0;
  size_t pitch = 0;
  std::vector<T> left, right, sums, partial, line;
};

/// The index space of one access: batch dimensions, then the two of a matrix.
Matrix matrixOf(uint8_t *data, const DecodedAccess &access, size_t batchRank, size_t row, size_t column) {
  return {data, access.strides[batchRank + row], access.strides[batchRank + column]};
}

} // namespace

MatmulCommand decode(const bundle::Matmul &matmul) {
  MatmulCommand command;
  if (matmul.batch())
    command.batch.append(matmul.batch()->begin(), matmul.batch()->end());
  command.m = matmul.m();
  command.n = matmul.n();
  command.k = matmul.k();
  command.a = DecodedAccess::decode(*matmul.a());
  command.b = DecodedAccess::decode(*matmul.b());
  command.d = DecodedAccess::decode(*matmul.d());
  if (matmul.c())
    command.c = DecodedAccess::decode(*matmul.c());
  return command;
}

double MatmulCommand::work() const {
  constexpr double perProduct = 0.05; // beside an element of a transfer
  return perProduct * static_cast<double>(countOf(batch)) * static_cast<double>(m) * static_cast<double>(n) *
         static_cast<double>(k);
}

uint64_t MatmulCommand::flops() const {
  return 2 * static_cast<uint64_t>(countOf(batch)) * static_cast<uint64_t>(m) * static_cast<uint64_t>(n) *
         static_cast<uint64_t>(k);
}

double MatmulCommand::rate(const CostModel &model) const {
  return model.productRate(static_cast<unsigned>(8 * bundle::bytesOf(a.dtype)), bundle::isFloat(a.dtype));
}

CommandCost MatmulCommand::cost(const CostModel &model, const Touched &touched) const {
  return model.product(static_cast<double>(flops()), rate(model), static_cast<double>(touched.dramBytes),
                       static_cast<double>(touched.sharedBytes));
}

Outcome MatmulCommand::execute(const Context &context) const {
  int64_t batches = countOf(batch);
  if (batches == 0 || m == 0 || n == 0)
    return {};
  Extents space = batch;
  space.append({m, n, k});
  Extents result = batch;
  result.append({m, n, 1});
  auto at = [&](const DecodedAccess &access, const Extents &shape) {
    return resolve(access, shape, context.memories, context.registers);
  };
  // Without products the operands are not looked at.
  uint8_t *left = k ? at(a, space) : nullptr, *right = k ? at(b, space) : nullptr, *to = at(d, result);
  uint8_t *initial = c ? at(*c, result) : nullptr;
  if ((k && (!left || !right)) || !to || (c && !initial))
    return {.isOutOfRange = true};

  enum { M, N, K };
  size_t rank = batch.size();
  auto runAll = [&](auto &product) -> Outcome {
    product.allBlocks = static_cast<size_t>(batches) * product.blocksOf(static_cast<size_t>(m), static_cast<size_t>(n));
    Odometer aAt(batch, llvm::ArrayRef(a.strides).take_front(rank)),
        bAt(batch, llvm::ArrayRef(b.strides).take_front(rank)), dAt(batch, llvm::ArrayRef(d.strides).take_front(rank)),
        cAt(batch, llvm::ArrayRef(c ? c->strides : d.strides).take_front(rank));
    for (int64_t i = 0; i < batches; ++i, aAt.next(), bAt.next(), cAt.next(), dAt.next()) {
      Matrix cMatrix = c ? matrixOf(initial + cAt.offset(), *c, rank, M, N) : Matrix{};
      bool isDone = product.run(matrixOf(k ? left + aAt.offset() : nullptr, a, rank, M, K),
                                matrixOf(k ? right + bAt.offset() : nullptr, b, rank, K, N), c ? &cMatrix : nullptr,
                                matrixOf(to + dAt.offset(), d, rank, M, N), static_cast<size_t>(m),
                                static_cast<size_t>(n), static_cast<size_t>(k));
      if (!isDone)
        return {.wasStopped = true};
    }
    return {};
  };
  auto operand = static_cast<size_t>(a.dtype);
  bundle::DType initialType = c ? c->dtype : d.dtype;
  if (storageOf(a.dtype) == Storage::F32) {
    Product<float> product(context, context.kernels.tileF32, context.kernels.load[operand], initialType, d.dtype);
    return runAll(product);
  } else {
    Product<int32_t> product(context, context.kernels.tileI32, context.kernels.loadWide[operand], initialType, d.dtype);
    return runAll(product);
  }
}

} // namespace rblnc::emulator
