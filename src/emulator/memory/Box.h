// The part of an index space that the clips of a transfer leave.
#pragma once

#include "IndexSpace.h"

#include "rblnc/bundle/bundle_generated.h"

namespace rblnc::emulator {

/// Half-open bounds along each axis.
struct Box {
  Extents lo, hi;
  bool isEmpty() const;
};

/// A decoded bundle::Clip.
struct DecodedClip {
  uint32_t axis;
  int32_t reg;
  int64_t lo, loScale, hi, hiScale;
};

/// The part of `shape` that the clips leave for the registers' values.
Box clipped(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<DecodedClip> clips, llvm::ArrayRef<int64_t> registers);
DecodedClip decodeClip(const bundle::Clip &clip);

} // namespace rblnc::emulator
