// Where a block lies in the last two axes of its array, when that is a matter of constants.
#pragma once

#include "mlir/IR/Value.h"

#include <optional>

namespace rblnc::rules {

/// Offsets in elements.
struct TileOffset {
  int64_t row = 0;
  int64_t column = 0;
};

/// The offset of a block pointer, or of a block of pointers in row-major order; none when it depends on anything that
/// is not a constant, or for rank 1.
std::optional<TileOffset> tileOffsetOf(mlir::Value pointer);

} // namespace rblnc::rules
