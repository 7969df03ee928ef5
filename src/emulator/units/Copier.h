// Strided copies of elements of one size, and the part of an access that a box of its index space is.
#pragma once

#include "Units.h"

namespace rblnc::emulator {

/// Copies of one command. A copy never depends on the order of its elements unless source and destination overlap, or
/// the destination holds an element more than once; then rows are copied in the order of the destination's strides.
class Copier {
public:
  Copier(const Context &context, bundle::DType dtype)
      : context(context), bytes(static_cast<int64_t>(bytesOf(dtype))),
        rounds(context.roundF32 && dtype == bundle::DType::f32) {}

  void copy(uint8_t *dst, uint8_t *src, Extents shape, Extents dstStrides, Extents srcStrides);
  /// Sets elements to the value of these bits.
  void fill(uint8_t *dst, Extents shape, Extents strides, uint64_t bits);

  /// The run was told to stop.
  bool isStopped = false;

private:
  void copyRun(uint8_t *dst, int64_t dstStride, const uint8_t *src, int64_t srcStride, int64_t n);
  void copyRounded(uint8_t *dst, int64_t dstStride, const uint8_t *src, int64_t srcStride, int64_t n);
  void transpose(uint8_t *dst, int64_t dstStride, const uint8_t *src, int64_t srcStride, int64_t rows, int64_t columns);

  const Context &context;
  int64_t bytes;
  bool rounds;
};

/// The extents of a box.
Extents sizesOf(const Box &box);
/// How far the box's first element is from that of the whole index space. Where the box lies inside of the memory,
/// parts of the sum may still overflow and come back, so it is formed without signs.
int64_t cornerOf(const Box &box, const DecodedAccess &access);
/// Where the box's first element lies now, proven again as by `resolve`; null when that fails.
uint8_t *resolve(const DecodedAccess &access, const Box &box, const Context &context);

} // namespace rblnc::emulator
