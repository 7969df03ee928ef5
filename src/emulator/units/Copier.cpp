#include "Copier.h"

#include "rblnc/support/Watch.h"

#include <algorithm>
#include <cstring>

namespace rblnc::emulator {
namespace {

template <typename T>
void copyStrided(uint8_t *dst, int64_t dstStride, const uint8_t *src, int64_t srcStride, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    T value;
    std::memcpy(&value, src + i * srcStride, sizeof value);
    std::memcpy(dst + i * dstStride, &value, sizeof value);
  }
}

/// Orders the dimensions so that the destination is written as sequentially as can be.
void sortByStride(Extents &shape, Extents &dst, Extents &src) {
  llvm::SmallVector<size_t, 6> order(shape.size());
  for (size_t d = 0; d < order.size(); ++d)
    order[d] = d;
  auto magnitude = [&](size_t d) {
    return dst[d] < 0 ? -static_cast<uint64_t>(dst[d]) : static_cast<uint64_t>(dst[d]);
  };
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return magnitude(a) != magnitude(b) ? magnitude(a) > magnitude(b) : a < b; });
  Extents oldShape = shape, oldDst = dst, oldSrc = src;
  for (size_t d = 0; d < order.size(); ++d) {
    shape[d] = oldShape[order[d]];
    dst[d] = oldDst[order[d]];
    src[d] = oldSrc[order[d]];
  }
}

} // namespace

void Copier::copy(uint8_t *dst, uint8_t *src, Extents shape, Extents dstStrides, Extents srcStrides) {
  sortByStride(shape, dstStrides, srcStrides);
  Extents strides[] = {dstStrides, srcStrides};
  coalesce(shape, strides);
  if (shape.empty())
    return copyRun(dst, 0, src, 0, 1);
  size_t inner = shape.size() - 1;
  // A transposition reads with unit stride along a dimension that it does not write along.
  size_t readsAlong = inner;
  for (size_t d = 0; d < inner; ++d)
    if (strides[1][d] == bytes && strides[1][inner] != bytes && strides[0][inner] == bytes)
      readsAlong = d;
  Extents outer, outerDst, outerSrc;
  for (size_t d = 0; d < shape.size(); ++d)
    if (d != inner && d != readsAlong) {
      outer.push_back(shape[d]);
      outerDst.push_back(strides[0][d]);
      outerSrc.push_back(strides[1][d]);
    }
  Odometer to(outer, outerDst), from(outer, outerSrc);
  for (int64_t i = 0, n = countOf(outer); i < n; ++i, to.next(), from.next()) {
    if (i % 4096 == 4095 && (isStopped = isStopped || wasStopped()))
      return;
    if (readsAlong == inner)
      copyRun(dst + to.offset(), strides[0][inner], src + from.offset(), strides[1][inner], shape[inner]);
    else
      transpose(dst + to.offset(), strides[0][readsAlong], src + from.offset(), strides[1][inner], shape[readsAlong],
                shape[inner]);
  }
}

void Copier::fill(uint8_t *dst, Extents shape, Extents strides, uint64_t bits) {
  Extents none(shape.size(), 0);
  // A source of stride 0 in every dimension.
  uint8_t value[8];
  std::memcpy(value, &bits, sizeof value);
  copy(dst, value, std::move(shape), std::move(strides), std::move(none));
}

void Copier::copyRun(uint8_t *dst, int64_t dstStride, const uint8_t *src, int64_t srcStride, int64_t n) {
  if (rounds)
    return copyRounded(dst, dstStride, src, srcStride, n);
  if (dstStride == bytes && srcStride == bytes) {
    std::memmove(dst, src, static_cast<size_t>(n * bytes));
    return;
  }
  switch (bytes) {
  case 1:
    return copyStrided<uint8_t>(dst, dstStride, src, srcStride, n);
  case 2:
    return copyStrided<uint16_t>(dst, dstStride, src, srcStride, n);
  case 4:
    return copyStrided<uint32_t>(dst, dstStride, src, srcStride, n);
  default:
    return copyStrided<uint64_t>(dst, dstStride, src, srcStride, n);
  }
}

void Copier::copyRounded(uint8_t *dst, int64_t dstStride, const uint8_t *src, int64_t srcStride, int64_t n) {
  auto f32 = static_cast<size_t>(bundle::DType::f32);
  constexpr int64_t chunk = 1024;
  float values[chunk];
  for (int64_t i = 0; i < n; i += chunk) {
    auto count = static_cast<size_t>(std::min(chunk, n - i));
    context.kernels.load[f32](values, src + i * srcStride, srcStride, count);
    context.roundF32(values, count);
    context.kernels.store[f32](dst + i * dstStride, dstStride, values, count);
  }
}

/// dst[i * dstStride + j * bytes] = src[i * bytes + j * srcStride], in blocks whose lines stay in the host's cache.
void Copier::transpose(uint8_t *dst, int64_t dstStride, const uint8_t *src, int64_t srcStride, int64_t rows,
                       int64_t columns) {
  constexpr int64_t block = 16;
  for (int64_t i = 0; i < rows; i += block)
    for (int64_t j = 0; j < columns; j += block)
      for (int64_t r = i, end = std::min(rows, i + block); r < end; ++r)
        copyRun(dst + r * dstStride + j * bytes, bytes, src + r * bytes + j * srcStride, srcStride,
                std::min(columns - j, block));
}

Extents sizesOf(const Box &box) {
  Extents sizes;
  for (size_t d = 0; d < box.lo.size(); ++d)
    sizes.push_back(box.hi[d] - box.lo[d]);
  return sizes;
}

int64_t cornerOf(const Box &box, const DecodedAccess &access) {
  uint64_t offset = 0;
  for (size_t d = 0; d < box.lo.size(); ++d)
    offset += static_cast<uint64_t>(box.lo[d]) * static_cast<uint64_t>(access.strides[d]);
  return static_cast<int64_t>(offset);
}

uint8_t *resolve(const DecodedAccess &access, const Box &box, const Context &context) {
  DecodedAccess part = access;
  part.offset =
      static_cast<int64_t>(static_cast<uint64_t>(access.offset) + static_cast<uint64_t>(cornerOf(box, access)));
  return resolve(part, sizesOf(box), context.memories, context.registers);
}

} // namespace rblnc::emulator
