// Comparisons of affine integers as bounds on single axes.
#include "Mask.h"

#include <limits>

using namespace llvm;
using mlir::arith::CmpIPredicate;

namespace rblnc::lower {

std::optional<MaskForm> conjunction(const MaskForm &a, const MaskForm &b) {
  if (a.never)
    return a;
  if (b.never)
    return b;
  MaskForm both = a;
  both.bounds.append(b.bounds.begin(), b.bounds.end());
  both.guards.append(b.guards.begin(), b.guards.end());
  if (both.bounds.size() + both.guards.size() > maxBounds)
    return std::nullopt;
  return both;
}

/// Divides a scalar form by a positive divisor, rounding its constant; nothing where a term does not divide.
static std::optional<LinearForm> divide(const LinearForm &form, int64_t divisor, bool up) {
  LinearForm quotient;
  quotient.constant = up ? ceilDivide(form.constant, divisor) : floorDivide(form.constant, divisor);
  for (Term term : form.terms) {
    if (term.scale % divisor != 0)
      return std::nullopt;
    quotient.terms.push_back({term.value, term.scale / divisor});
  }
  return quotient;
}

/// The mask form < 0.
static std::optional<MaskForm> negative(const LinearForm &form, ArrayRef<int64_t> shape) {
  MaskForm mask;
  if (std::optional<Interval> range = rangeOf(form, shape)) {
    if (range->max < 0)
      return mask;
    if (range->min >= 0) {
      mask.never = true;
      return mask;
    }
  }
  std::optional<unsigned> axis;
  for (auto [d, stride] : enumerate(form.strides)) {
    if (stride == 0)
      continue;
    if (axis)
      return std::nullopt; // A bound on a sum of positions is no box.
    axis = d;
  }
  if (!axis) {
    std::optional<LinearForm> positive = multiply(form, -1);
    if (!positive)
      return std::nullopt;
    mask.guards.push_back({{}, positive->origin()});
    return mask;
  }
  int64_t stride = form.strides[*axis];
  if (stride == std::numeric_limits<int64_t>::min())
    return std::nullopt;
  if (stride > 0) {
    // i < -rest / stride
    std::optional<LinearForm> negated = multiply(form.origin(), -1);
    std::optional<LinearForm> limit = negated ? divide(*negated, stride, /*up=*/true) : std::nullopt;
    if (!limit)
      return std::nullopt;
    mask.bounds.push_back({*axis, /*upper=*/true, *limit});
    return mask;
  }
  // i > rest / -stride
  std::optional<LinearForm> quotient = divide(form.origin(), -stride, /*up=*/false);
  std::optional<LinearForm> limit = quotient ? addConstant(*quotient, 1) : std::nullopt;
  if (!limit)
    return std::nullopt;
  mask.bounds.push_back({*axis, /*upper=*/false, *limit});
  return mask;
}

/// The mask a < b, or a <= b.
static std::optional<MaskForm> less(const LinearForm &a, const LinearForm &b, bool orEqual, ArrayRef<int64_t> shape) {
  std::optional<LinearForm> difference = subtract(a, b);
  if (difference && orEqual)
    difference = addConstant(*difference, -1);
  return difference ? negative(*difference, shape) : std::nullopt;
}

/// The mask a < b of unsigned integers, or a <= b: a box where b is known not to be negative.
static std::optional<MaskForm> lessUnsigned(const LinearForm &a, const LinearForm &b, bool orEqual,
                                            ArrayRef<int64_t> shape) {
  std::optional<Interval> limit = rangeOf(b, shape);
  if (!limit || limit->min < 0)
    return std::nullopt;
  LinearForm zero;
  zero.strides.resize(a.strides.size(), 0);
  std::optional<MaskForm> low = less(zero, a, /*orEqual=*/true, shape);
  std::optional<MaskForm> high = less(a, b, orEqual, shape);
  return low && high ? conjunction(*low, *high) : std::nullopt;
}

static std::optional<MaskForm> maskOf(CmpIPredicate predicate, const LinearForm &lhs, const LinearForm &rhs,
                                      ArrayRef<int64_t> shape) {
  switch (predicate) {
  case CmpIPredicate::slt:
    return less(lhs, rhs, /*orEqual=*/false, shape);
  case CmpIPredicate::sle:
    return less(lhs, rhs, /*orEqual=*/true, shape);
  case CmpIPredicate::sgt:
    return less(rhs, lhs, /*orEqual=*/false, shape);
  case CmpIPredicate::sge:
    return less(rhs, lhs, /*orEqual=*/true, shape);
  case CmpIPredicate::ult:
    return lessUnsigned(lhs, rhs, /*orEqual=*/false, shape);
  case CmpIPredicate::ule:
    return lessUnsigned(lhs, rhs, /*orEqual=*/true, shape);
  case CmpIPredicate::ugt:
    return lessUnsigned(rhs, lhs, /*orEqual=*/false, shape);
  case CmpIPredicate::uge:
    return lessUnsigned(rhs, lhs, /*orEqual=*/true, shape);
  case CmpIPredicate::eq: {
    std::optional<MaskForm> low = less(rhs, lhs, /*orEqual=*/true, shape);
    std::optional<MaskForm> high = less(lhs, rhs, /*orEqual=*/true, shape);
    return low && high ? conjunction(*low, *high) : std::nullopt;
  }
  case CmpIPredicate::ne:
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<MaskForm> compare(CmpIPredicate predicate, const LinearForm &lhs, const LinearForm &rhs,
                                ArrayRef<int64_t> shape, bool isExact) {
  std::optional<MaskForm> mask = maskOf(predicate, lhs, rhs, shape);
  if (!mask)
    return std::nullopt;
  for (Bound &bound : mask->bounds)
    bound.isExact = isExact;
  for (Guard &guard : mask->guards)
    guard.isExact = isExact;
  return mask;
}

} // namespace rblnc::lower
