// Element-wise comparison and summaries of tensors.
#include "rblnc/cli/Compare.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

namespace rblnc::cli {
namespace {

int64_t asInteger(const Tensor &tensor, int64_t element) {
  if (tensor.dtype != DType::i64 && tensor.dtype != DType::u64)
    return static_cast<int64_t>(tensor.asDouble(element));
  int64_t value;
  std::memcpy(&value, tensor.at(element), sizeof value);
  return value;
}

/// How far a pair is beyond its tolerance: at most 0 when it is within, infinite for a NaN against a number.
double excess(double result, double expected, Tolerance tolerance) {
  if (std::isnan(result) || std::isnan(expected))
    return std::isnan(result) && std::isnan(expected) ? 0 : HUGE_VAL;
  if (result == expected)
    return 0;
  if (std::isinf(result) || std::isinf(expected))
    return HUGE_VAL;
  return std::fabs(result - expected) - (tolerance.absolute + tolerance.relative * std::fabs(expected));
}

} // namespace

Tolerance defaultTolerance(DType result, DType expected) {
  auto of = [](DType dtype) -> Tolerance {
    switch (dtype) {
    case DType::bf16:
      return {1.6e-2, 1e-5};
    case DType::f16:
      return {1e-3, 1e-5};
    case DType::f32:
      return {1.3e-6, 1e-5};
    case DType::f64:
      return {1e-7, 1e-7};
    default:
      return {0, 0};
    }
  };
  Tolerance a = of(result), b = of(expected);
  return a.relative > b.relative ? a : b;
}

Comparison compare(const Tensor &result, const Tensor &expected, Tolerance tolerance) {
  Comparison comparison;
  comparison.elements = std::min(result.elements(), expected.elements());
  bool isExact =
      !isFloat(result.dtype) && !isFloat(expected.dtype) && tolerance.relative == 0 && tolerance.absolute == 0;
  double worstExcess = 0;
  for (int64_t i = 0; i < comparison.elements; ++i) {
    double a = result.asDouble(i), b = expected.asDouble(i);
    double difference = std::fabs(a - b);
    if (std::isfinite(difference))
      comparison.largestDifference = std::max(comparison.largestDifference, difference);
    double beyond = excess(a, b, tolerance);
    if (isExact && asInteger(result, i) != asInteger(expected, i))
      beyond = std::max(difference, 1.0); // beyond 2^53 the doubles may be equal
    if (!(beyond > 0))
      continue;
    ++comparison.differing;
    if (beyond > worstExcess) {
      worstExcess = beyond;
      comparison.worst = i;
    }
  }
  return comparison;
}

std::string formatIndex(int64_t flat, const std::vector<int64_t> &shape) {
  std::vector<int64_t> index(shape.size());
  for (size_t d = shape.size(); d-- > 0;) {
    int64_t extent = std::max<int64_t>(shape[d], 1);
    index[d] = flat % extent;
    flat /= extent;
  }
  return fmt::format("[{}]", fmt::join(index, ", "));
}

std::string summarise(const Tensor &tensor) {
  std::string type = formatType(tensor.dtype, tensor.shape);
  int64_t nan = 0, infinite = 0, finite = 0;
  double least = HUGE_VAL, greatest = -HUGE_VAL, sum = 0;
  for (int64_t i = 0, n = tensor.elements(); i < n; ++i) {
    double value = tensor.asDouble(i);
    if (std::isnan(value)) {
      ++nan;
    } else if (std::isinf(value)) {
      ++infinite;
    } else {
      ++finite;
      least = std::min(least, value);
      greatest = std::max(greatest, value);
      sum += value;
    }
  }
  std::string text = type + ":";
  if (finite)
    text += fmt::format(" min {:.6g}, max {:.6g}, mean {:.6g}", least, greatest, sum / static_cast<double>(finite));
  if (nan)
    text += fmt::format("{} {} NaN", finite ? "," : "", nan);
  if (infinite)
    text += fmt::format("{} {} infinite", finite || nan ? "," : "", infinite);
  if (tensor.elements() == 0)
    text += " no elements";
  return text;
}

} // namespace rblnc::cli
