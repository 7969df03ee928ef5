#include "Overflow.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace rblnc::lower {

WideInterval OverflowCheck::range(ScalarRanges &ranges, ArrayRef<Positions> positions) const {
  if (result)
    return ranges.of(*result, positions);
  return ranges.of(lhs, positions) * ranges.of(rhs, positions);
}

/// Whether two checks are about results that differ in the constant only.
static bool areParallel(const OverflowCheck &a, const OverflowCheck &b) {
  return a.width == b.width && a.result && b.result && a.result->strides == b.result->strides &&
         sameTerms(a.result->terms, b.result->terms);
}

bool addCheck(OverflowChecks &checks, const OverflowCheck &check) {
  OverflowCheck *least = nullptr, *most = nullptr;
  for (OverflowCheck &known : checks) {
    if (known.op == check.op && known.width == check.width && areParallel(known, check) &&
        known.result->constant == check.result->constant)
      return true;
    if (!check.result && known.op == check.op)
      return true;
    if (!areParallel(known, check))
      continue;
    if (!least || known.result->constant < least->result->constant)
      least = &known;
    if (!most || known.result->constant > most->result->constant)
      most = &known;
  }
  if (least && least != most) {
    if (check.result->constant < least->result->constant)
      *least = check;
    else if (check.result->constant > most->result->constant)
      *most = check;
    return true;
  }
  if (least && least->result->constant == check.result->constant)
    return true;
  checks.push_back(check);
  return checks.size() <= maxOverflowChecks;
}

SmallVector<Positions> allPositions(ArrayRef<int64_t> shape) {
  SmallVector<Positions> positions;
  for (int64_t extent : shape)
    positions.push_back({0, extent});
  return positions;
}

} // namespace rblnc::lower
