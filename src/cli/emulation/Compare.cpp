// Element-wise comparison and summaries of tensors.
#include "rblnc/cli/Compare.h"

#include "Signless.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

namespace rblnc::cli {
namespace {

/// Holds every value of every integer type, and every difference of two.
__extension__ using Wide = __int128;
__extension__ using UnsignedWide = unsigned __int128;

Wide loadInteger(DType dtype, const void *data) {
  if (dtype == DType::u64) {
    uint64_t value;
    std::memcpy(&value, data, sizeof value);
    return value;
  }
  if (dtype == DType::i64) {
    int64_t value;
    std::memcpy(&value, data, sizeof value);
    return value;
  }
  return static_cast<Wide>(loadAsDouble(dtype, data)); // at most 32 bits
}

/// How far a pair is beyond its tolerance: at most 0 when it is within, infinite for a NaN against a number.
double excess(double result, double expected, Tolerance tolerance) {
  if (std::isnan(result) || std::isnan(expected))
    return tolerance.equalNaN && std::isnan(result) && std::isnan(expected) ? 0 : HUGE_VAL;
  if (result == expected)
    return 0;
  if (std::isinf(result) || std::isinf(expected))
    return HUGE_VAL;
  return std::fabs(result - expected) - (tolerance.absolute + tolerance.relative * std::fabs(expected));
}

/// Counts the pairs that differ and keeps the worst.
class Tally {
public:
  explicit Tally(Comparison &comparison) : comparison(comparison) {}
  void add(int64_t element, double beyond) {
    if (!(beyond > 0))
      return;
    ++comparison.differing;
    if (beyond > worst) {
      worst = beyond;
      comparison.worst = element;
    }
  }

private:
  Comparison &comparison;
  double worst = 0;
};

void compareIntegers(const Tensor &result, const Tensor &expected, Tolerance tolerance, Comparison &comparison) {
  Tally tally(comparison);
  DType dtype = comparedAs(result.dtype, expected.dtype);
  uint64_t largest = 0;
  for (int64_t i = 0; i < comparison.elements; ++i) {
    Wide a = loadInteger(dtype, result.at(i)), b = loadInteger(expected.dtype, expected.at(i));
    // Any two values of 64 bits are less than 2^65 apart; only of different signs is it more than 2^64.
    auto difference = static_cast<UnsignedWide>(a < b ? b - a : a - b);
    largest = std::max(largest, static_cast<uint64_t>(std::min<UnsignedWide>(difference, UINT64_MAX)));
    double allowed = tolerance.absolute + tolerance.relative * std::fabs(static_cast<double>(b));
    // The difference as a double is rounded, which matters only where nothing is allowed.
    double beyond = difference == 0 ? 0 : static_cast<double>(difference) - allowed;
    tally.add(i, beyond);
  }
  comparison.largestDifference = static_cast<double>(largest);
  comparison.largestDifferenceText = fmt::format("{}", largest);
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

DType comparedAs(DType result, DType expected) { return unsignedOf(result) == expected ? expected : result; }

Comparison compare(const Tensor &result, const Tensor &expected, Tolerance tolerance) {
  Comparison comparison;
  comparison.elements = std::min(result.elements(), expected.elements());
  if (!isFloat(result.dtype) && !isFloat(expected.dtype)) {
    compareIntegers(result, expected, tolerance, comparison);
    return comparison;
  }
  Tally tally(comparison);
  for (int64_t i = 0; i < comparison.elements; ++i) {
    double a = result.asDouble(i), b = expected.asDouble(i);
    double difference = std::fabs(a - b);
    if (std::isfinite(difference))
      comparison.largestDifference = std::max(comparison.largestDifference, difference);
    tally.add(i, excess(a, b, tolerance));
  }
  comparison.largestDifferenceText = fmt::format("{:.3g}", comparison.largestDifference);
  return comparison;
}

std::string formatElement(const Tensor &tensor, int64_t element, DType dtype) {
  if (isFloat(dtype))
    return fmt::format("{:.9g}", loadAsDouble(dtype, tensor.at(element)));
  Wide value = loadInteger(dtype, tensor.at(element));
  return value < 0 ? fmt::format("{}", static_cast<int64_t>(value)) : fmt::format("{}", static_cast<uint64_t>(value));
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
  int64_t leastAt = 0, greatestAt = 0;
  for (int64_t i = 0, n = tensor.elements(); i < n; ++i) {
    double value = tensor.asDouble(i);
    if (std::isnan(value)) {
      ++nan;
    } else if (std::isinf(value)) {
      ++infinite;
    } else {
      ++finite;
      // Integers beyond 2^53 are told apart by their text only where their doubles are.
      if (value < least)
        leastAt = i;
      if (value > greatest)
        greatestAt = i;
      least = std::min(least, value);
      greatest = std::max(greatest, value);
      sum += value;
    }
  }
  std::string text = type + ":";
  if (finite)
    text += isFloat(tensor.dtype) ? fmt::format(" min {:.6g}, max {:.6g}, ", least, greatest)
                                  : fmt::format(" min {}, max {}, ", formatElement(tensor, leastAt, tensor.dtype),
                                                formatElement(tensor, greatestAt, tensor.dtype));
  if (finite)
    text += fmt::format("mean {:.6g}", sum / static_cast<double>(finite));
  if (nan)
    text += fmt::format("{} {} NaN", finite ? "," : "", nan);
  if (infinite)
    text += fmt::format("{} {} infinite", finite || nan ? "," : "", infinite);
  if (tensor.elements() == 0)
    text += " no elements";
  return text;
}

} // namespace rblnc::cli
