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
};

/// A condition on the whole block: `condition` holds (an i1 with one element), or without it `positive` > 0.
struct Guard {
  mlir::Value condition;
  LinearForm positive;
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
/// mathematical integers: signed arithmetic on run-time values is assumed not to overflow.
std::optional<MaskForm> compare(mlir::arith::CmpIPredicate predicate, const LinearForm &lhs, const LinearForm &rhs,
                                llvm::ArrayRef<int64_t> shape);

/// Both masks at once.
std::optional<MaskForm> conjunction(const MaskForm &a, const MaskForm &b);

} // namespace rblnc::lower
