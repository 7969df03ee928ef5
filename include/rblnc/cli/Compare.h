// Comparing a result with what was expected.
#pragma once

#include "rblnc/support/Tensor.h"

#include <string>

namespace rblnc::cli {

/// An element differs when |result - expected| > absolute + relative * |expected|. Equal infinities and two NaNs do
/// not.
struct Tolerance {
  double relative = 0;
  double absolute = 0;
};

/// The tolerance when none is given, as torch.testing.assert_close has it: by the less precise of the two dtypes.
Tolerance defaultTolerance(DType result, DType expected);

struct Comparison {
  int64_t elements = 0;
  int64_t differing = 0;
  /// The element that is furthest beyond its tolerance, as a flat index; meaningful when differing > 0.
  int64_t worst = 0;
  /// The largest |result - expected| of all finite pairs.
  double largestDifference = 0;
};

/// Both have the same number of elements. 64-bit integers are compared exactly.
Comparison compare(const Tensor &result, const Tensor &expected, Tolerance tolerance);

/// "[0, 5, 17]" for a flat index.
std::string formatIndex(int64_t flat, const std::vector<int64_t> &shape);

/// "2x16xf32: min -1.5, max 2, mean 0.25", with counts of NaN and infinite elements when there are any.
std::string summarise(const Tensor &tensor);

} // namespace rblnc::cli
