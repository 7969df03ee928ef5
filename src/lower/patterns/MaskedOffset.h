// Run-time offsets of blocks of which a run-time mask may leave out what lies outside of the array.
#pragma once

#include "Lowering.h"

namespace rblnc::lower {

/// A run-time offset `factor` t of a block, which may take some of it out of the array, and the positions along `axis`
/// that take part: low + scale t <= i < high + scale t. They are those whose addresses are in the array.
struct MaskedOffset {
  /// t, kept near the array.
  mlir::Value index;
  unsigned axis;
  int64_t low;
  int64_t high;
  int64_t scale;
};

/// Bounds the offset `factor` times `value` of an access to an array of `count` elements whose mask is decided when the
/// kernel runs: the run stops (R034) where an element that the mask leaves in is outside of the array. The mask along
/// one axis counts, and the conditions on the whole block; of other axes the whole extent. Nothing for accesses without
/// such a mask, and where the factor is no multiple of a stride; failure where a value failed to lower.
mlir::FailureOr<std::optional<MaskedOffset>> boundMaskedOffset(Lowering &lowering, const Access &access,
                                                               mlir::Value value, int64_t factor, int64_t count);

} // namespace rblnc::lower
