// What values an integer of a kernel can have, as far as its type and the operation that makes it tell.
#pragma once

#include "LinearForm.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DynamicAPInt.h"

namespace rblnc::lower {

/// Smallest and largest value, both inclusive, without bounds.
struct WideInterval {
  llvm::DynamicAPInt min;
  llvm::DynamicAPInt max;

  bool contains(const WideInterval &other) const { return min <= other.min && other.max <= max; }
};

WideInterval operator+(const WideInterval &a, const WideInterval &b);
WideInterval operator-(const WideInterval &a, const WideInterval &b);
WideInterval operator*(const WideInterval &a, const WideInterval &b);

/// The values of a signed integer of `width` bits, 1 to 64.
WideInterval rangeOfWidth(unsigned width);

/// Positions along one axis: [low, high), at least one.
struct Positions {
  int64_t low = 0;
  int64_t high = 1;
};

/// Ranges of integers, tensors of them included, read as signed. What arithmetic on data gives when it wraps is
/// counted: such a result may be anything that its type holds. A dynamic index lies within the bounds that are checked.
class ScalarRanges {
public:
  const WideInterval &of(mlir::Value value) { return of(value, 0); }
  /// The range of a form over a block of positions, one entry for each stride.
  WideInterval of(const LinearForm &form, llvm::ArrayRef<Positions> positions);

private:
  const WideInterval &of(mlir::Value value, unsigned depth);
  WideInterval compute(mlir::Value value, unsigned depth);

  llvm::DenseMap<mlir::Value, WideInterval> known;
};

} // namespace rblnc::lower
