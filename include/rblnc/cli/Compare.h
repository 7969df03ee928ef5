// Comparing a result with what was expected.
#pragma once

#include "rblnc/support/Tensor.h"

#include <string>

namespace rblnc::cli {

/// An element differs when |result - expected| > absolute + relative * |expected|. Equal infinities do not; a NaN does,
/// but for two of them when they are taken as equal.
struct Tolerance {
  double relative = 0;
  double absolute = 0;
  bool equalNaN = false;
};

/// The tolerance when none is given, as torch.testing.assert_close has it: by the less precise of the two dtypes.
Tolerance defaultTolerance(DType result, DType expected);

struct Comparison {
  int64_t elements = 0;
  int64_t differing = 0;
  /// The element that is furthest beyond its tolerance, as a flat index; meaningful when differing > 0.
  int64_t worst = 0;
  /// The largest |result - expected| of all finite pairs, and as text: an integer for integers.
  double largestDifference = 0;
  std::string largestDifferenceText = "0";
};

/// Both have the same number of elements. Integers are compared exactly; where the bits of unsigned integers are
/// expected, the result's are read as such.
Comparison compare(const Tensor &result, const Tensor &expected, Tolerance tolerance);

/// The type that a result is read as when it is compared: unsigned where unsigned integers of its width are expected.
DType comparedAs(DType result, DType expected);

/// An element as text: integers in full, floats with nine digits.
std::string formatElement(const Tensor &tensor, int64_t element, DType dtype);

/// "[0, 5, 17]" for a flat index.
std::string formatIndex(int64_t flat, const std::vector<int64_t> &shape);

/// "2x16xf32: min -1.5, max 2, mean 0.25", with counts of NaN and infinite elements when there are any.
std::string summarise(const Tensor &tensor);

} // namespace rblnc::cli
