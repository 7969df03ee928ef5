#include "AccessChecks.h"

#include "Report.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

std::string text(const DynamicAPInt &value) {
  std::string result;
  raw_string_ostream(result) << value;
  return result;
}

void findReach(Access &access, const MemoryOp &memory, const MaskForm *mask) {
  auto tensor = dyn_cast<RankedTensorType>(memory.type);
  for (int64_t extent : tensor ? tensor.getShape() : ArrayRef<int64_t>()) {
    Reach axis;
    axis.high = extent;
    access.reach.push_back(std::move(axis));
  }
  if (!mask)
    return;
  for (const Bound &bound : mask->bounds) {
    if (!bound.isExact)
      continue;
    Reach &axis = access.reach[bound.axis];
    if (!bound.limit.terms.empty())
      (bound.upper ? axis.highs : axis.lows).push_back(bound.limit);
    else if (bound.upper)
      axis.high = std::min(axis.high, bound.limit.constant);
    else
      axis.low = std::max(axis.low, bound.limit.constant);
  }
  llvm::copy_if(mask->guards, std::back_inserter(access.reachGuards), [](const Guard &guard) { return guard.isExact; });
}

SmallVector<Positions> positionsOf(ArrayRef<Reach> reach) {
  SmallVector<Positions> positions;
  for (const Reach &axis : reach)
    positions.push_back({axis.low, axis.high});
  return positions;
}

DynamicAPInt valueAt(const LinearForm &form, const Corner &corner, ArrayRef<Reach> reach) {
  DynamicAPInt value(form.constant);
  for (auto [stride, axis, takesLast] : zip(form.strides, reach, corner.takesLast))
    value += DynamicAPInt(stride) * DynamicAPInt(takesLast ? axis.high - 1 : axis.low);
  return value;
}

/// What a check without run-time values finds.
Diagnostic overflowAt(const Corner &corner, const Access &access, const MemoryOp &memory) {
  const OverflowCheck &check = *corner.check;
  DynamicAPInt lhs = valueAt(check.lhs, corner, access.reach);
  std::string what = "i" + std::to_string(check.width) + ": " + text(lhs);
  if (check.operation.empty())
    what += " does not fit";
  else
    what += " " + check.operation.str() + " " + text(valueAt(check.rhs, corner, access.reach)) + " = " +
            text(check.result ? valueAt(*check.result, corner, access.reach)
                              : lhs * valueAt(check.rhs, corner, access.reach));
  Diagnostic diagnostic =
      errorAt(Code::C012, check.op, "integer overflow in the address of a " + memory.verb() + ": " + what,
              check.operation.empty() ? "keep the wider type" : "widen the operands first: .to(tl.int64)");
  addNote(diagnostic, "the " + memory.verb() + " is here", memory.op);
  return diagnostic;
}

} // namespace

SmallVector<Corner, 2> openCorners(const OverflowCheck &check, const Access &access, ScalarRanges &ranges) {
  WideInterval range = check.range(ranges, positionsOf(access.reach)), limits = rangeOfWidth(check.width);
  SmallVector<Corner, 2> corners;
  for (bool isLargest : {true, false}) {
    if (isLargest ? range.max <= limits.max : range.min >= limits.min)
      continue;
    Corner corner{&check, isLargest, {}};
    for (size_t d = 0; d < access.reach.size(); ++d) {
      int64_t stride = check.result && d < check.result->strides.size() ? check.result->strides[d] : 0;
      corner.takesLast.push_back(isLargest ? stride > 0 : stride < 0);
    }
    corners.push_back(std::move(corner));
  }
  // Without positions that matter, both ends are one.
  if (corners.size() == 2 && corners[0].takesLast == corners[1].takesLast)
    corners.pop_back();
  return corners;
}

std::optional<Diagnostic> findChecks(Access &access, const MemoryOp &memory, const AddressAnalysis &analysis) {
  const MaskForm *mask = memory.mask ? analysis.mask(memory.mask) : nullptr;
  OverflowChecks all;
  bool isFull = false;
  for (Value value : {memory.pointer, memory.mask, memory.rows})
    if (value)
      for (const OverflowCheck &check : analysis.checks(value))
        isFull |= !addCheck(all, check);
  if (all.empty())
    return std::nullopt;
  if (isFull)
    return errorAt(Code::C004, memory.op,
                   "the addresses of this " + memory.verb() + " need more overflow checks than the analysis follows",
                   "compute them from fewer run-time values");
  findReach(access, memory, mask);
  bool isNowhere = any_of(access.reach, [](const Reach &axis) { return axis.low >= axis.high; }) ||
                   (mask && mask->never && analysis.checks(memory.mask).empty());
  if (isNowhere)
    return std::nullopt;
  bool isCertain =
      access.reachGuards.empty() && none_of(access.reach, [](const Reach &axis) { return axis.isRunTime(); });
  for (const OverflowCheck &check : all) {
    SmallVector<Corner, 2> corners = openCorners(check, access, analysis.scalarRanges());
    if (corners.empty())
      continue;
    if (isCertain && check.isStatic())
      return overflowAt(corners.front(), access, memory);
    access.checks.push_back(check);
  }
  return std::nullopt;
}

} // namespace rblnc::lower
