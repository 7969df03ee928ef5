// Where integers that address memory could leave their type. src/lower/README.md has the meaning.
#pragma once

#include "ScalarRange.h"

#include "llvm/ADT/StringRef.h"

#include <vector>

namespace rblnc::lower {

/// The forms of an operation's operands, and the operation: as long as its result fits `width` bits at a position, the
/// forms that are made from it tell what the kernel computes there.
struct OverflowCheck {
  mlir::Operation *op = nullptr;
  /// "+", "-", "*", "<<", or "" for lhs alone: a conversion to a narrower type, or a sum that has no operation.
  llvm::StringRef operation;
  unsigned width = 32;
  LinearForm lhs;
  /// Without strides where there is none.
  LinearForm rhs;
  /// What the operation gives; nothing for the product of two run-time scalars.
  std::optional<LinearForm> result;

  /// The values of the result at these positions, one entry for each axis.
  WideInterval range(ScalarRanges &ranges, llvm::ArrayRef<Positions> positions) const;
  bool isKept(ScalarRanges &ranges, llvm::ArrayRef<Positions> positions) const {
    return rangeOfWidth(width).contains(range(ranges, positions));
  }
  /// Whether no run-time value has a part in it.
  bool isStatic() const { return lhs.terms.empty() && rhs.terms.empty(); }
};

using OverflowChecks = std::vector<OverflowCheck>;

/// More checks than this belong to no value: the analysis gives up on it, which bounds its cost.
inline constexpr size_t maxOverflowChecks = 32;

/// Adds a check. Of those whose results differ in the constant only, the two ends stay. False when there are too many.
bool addCheck(OverflowChecks &checks, const OverflowCheck &check);

/// The whole of a block of `shape`.
llvm::SmallVector<Positions> allPositions(llvm::ArrayRef<int64_t> shape);

} // namespace rblnc::lower
