// Masks that are boxes: conjunctions of bounds on the position along single axes.
#pragma once

#include "LinearForm.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/ArrayRef.h"

namespace rblnc::lower {

/// i_axis < limit (upper) or i_axis >= limit (lower). The limit is a scalar form.
struct Bound {
  unsigned axis;
  bool upper;
  LinearForm limit;
  /// Holds whatever the run-time values are: no operation of the comparison can overflow.
  bool isExact = false;
};

/// A condition on the whole block: `condition` holds (an i1 with one element), or without it `positive` > 0.
struct Guard {
  mlir::Value condition;
  LinearForm positive;
  /// As of bounds; what is computed like data always is.
  bool isExact = true;
};

/// The elements whose position keeps all bounds, if all guards hold; none at all when `never`.
struct MaskForm {
  bool never = false;
  llvm::SmallVector<Bound, 4> bounds;
  llvm::SmallVector<Guard, 1> guards;

  bool isAlways() const { return !never && bounds.empty() && guards.empty(); }
};

/// A mask with more bounds and guards than this is treated as no box, which bounds the cost of the analysis.
inline constexpr size_t maxBounds = 32;

/// The mask `lhs predicate rhs` over a block of `shape`; nothing where it is no box. Comparisons are those of
/// mathematical integers; `isExact` says that the forms are right whatever the run-time values are.
std::optional<MaskForm> compare(mlir::arith::CmpIPredicate predicate, const LinearForm &lhs, const LinearForm &rhs,
                                llvm::ArrayRef<int64_t> shape, bool isExact = false);

/// Both masks at once.
std::optional<MaskForm> conjunction(const MaskForm &a, const MaskForm &b);

} // namespace rblnc::lower
