// Which elements of an array a command touches.
#pragma once

#include "rblnc/npu/Dialect.h"

#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <optional>

namespace rblnc::plan {

using npu::Touch;

/// The positions along an axis that the touch's clips leave for some value of their registers: from first to before
/// end. A block that nothing is left of counts as its first position.
std::pair<int64_t, int64_t> positionsOf(const Touch &touch, int64_t axis, mlir::ArrayAttr registers);

/// The elements of a strided block, for every value that its registers may have: lo + sum(i_d * stride_d) with
/// 0 <= i_d < count_d and positive strides, from lo to hi.
struct Footprint {
  struct Dimension {
    int64_t stride, count;
  };
  /// Rows in front of the row that a register names, or that row and those behind it: element numbers are
  /// `offset` + a multiple of `period` + row * `stride` + less than `stride`, with `rows` * `stride` at most `period`.
  struct Border {
    int64_t reg, offset, stride;
    __int128 rows, period; // period 0: there are no multiples
    bool isFront;

    bool operator==(const Border &other) const = default;
    bool isApartFrom(const Border &other) const;
  };
  __int128 lo = 0, hi = 0;
  llvm::SmallVector<Dimension, 3> dimensions;
  std::optional<Border> border;

  static Footprint of(const Touch &touch, mlir::ArrayAttr registers);
  /// Where it lies within periods of so many elements, if in the same place of all: from `first` to `last`.
  struct Residue {
    __int128 first, last;
  };
  std::optional<Residue> residueIn(int64_t period) const;
  /// Proven to have no element in common. Where the blocks interleave, as the rows of different heads do, they are
  /// compared within one period of a stride. Registers are loaded once, so rows on both sides of one are apart.
  bool isApartFrom(const Footprint &other) const;
};

} // namespace rblnc::plan
