// Integers that are affine in the position inside a block: the algebra of the pointer analysis.
#pragma once

#include "mlir/IR/Value.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <optional>

namespace rblnc::lower {

/// `scale` times an integer that is known only at run time. `value` is a scalar or a tensor with one element.
struct Term {
  mlir::Value value;
  int64_t scale;

  bool operator==(const Term &) const = default;
};

/// constant + sum(strides[d] * i_d) + sum(terms): the value of an integer tensor at position [i_0, i_1, ...], read as
/// signed. A scalar has no strides. Invariants: an axis of extent 1 has stride 0, a term's scale is not 0, and no two
/// terms have one value.
struct LinearForm {
  int64_t constant = 0;
  llvm::SmallVector<int64_t, 6> strides;
  llvm::SmallVector<Term, 2> terms;

  bool isConstant() const;
  /// Whether all elements are equal.
  bool isUniform() const;
  /// The form without its strides: the element at position 0.
  LinearForm origin() const;
};

/// Smallest and largest value, both inclusive.
struct Interval {
  int64_t min;
  int64_t max;
};

/// A form with more terms than this is treated as not affine, which bounds the cost of the analysis.
inline constexpr size_t maxTerms = 8;

/// Sums, differences and multiples; nothing when a coefficient overflows 64 bits or there are too many terms.
std::optional<LinearForm> add(const LinearForm &a, const LinearForm &b);
std::optional<LinearForm> subtract(const LinearForm &a, const LinearForm &b);
std::optional<LinearForm> multiply(const LinearForm &a, int64_t factor);
std::optional<LinearForm> addConstant(const LinearForm &a, int64_t constant);

/// Whether two lists hold the same terms, in any order.
bool sameTerms(llvm::ArrayRef<Term> a, llvm::ArrayRef<Term> b);

/// The values of a form without terms over a block of `shape`; nothing on overflow or when there are terms.
std::optional<Interval> rangeOf(const LinearForm &form, llvm::ArrayRef<int64_t> shape);

/// Quotients rounded down and up. `divisor` is positive.
int64_t floorDivide(int64_t value, int64_t divisor);
int64_t ceilDivide(int64_t value, int64_t divisor);

} // namespace rblnc::lower
