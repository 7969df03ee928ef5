// Which overflows an access must not have, and where.
#pragma once

#include "Access.h"
#include "MemoryOp.h"

namespace rblnc::lower {

/// Sets the access's checks: those of its pointer, mask and rows that the ranges of the integers do not prove. The
/// error C012 where one fails for certain.
std::optional<Diagnostic> findChecks(Access &access, const MemoryOp &memory, const AddressAnalysis &analysis);

/// The result's forms at the positions where it is largest, or smallest.
struct Corner {
  const OverflowCheck *check;
  bool isLargest;
  /// For each axis, whether the last position is meant rather than the first.
  llvm::SmallVector<bool, 6> takesLast;
};

/// The corners of a check that its range leaves open, one or two.
llvm::SmallVector<Corner, 2> openCorners(const OverflowCheck &check, const Access &access, ScalarRanges &ranges);

} // namespace rblnc::lower
