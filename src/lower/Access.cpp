// Properties of an access.
#include "Access.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {

std::optional<Interval> AccessAxis::touched() const {
  if (!isDynamic()) {
    Interval range;
    if (__builtin_add_overflow(offset.constant, low, &range.min) ||
        __builtin_add_overflow(offset.constant, high - 1, &range.max))
      return std::nullopt;
    return range;
  }
  // An offset without a lower check is not below the floor: the conversion to an index enforces it.
  std::optional<int64_t> limit = end ? end : declared;
  if (!limit)
    return std::nullopt;
  return Interval{first.value_or(floor), *limit - 1};
}

SmallVector<int64_t, 6> Access::blockShape() const {
  SmallVector<int64_t, 6> shape;
  for (const AccessAxis &axis : axes)
    shape.push_back(axis.extent);
  return shape;
}

void Access::collectDynamicValues(SmallVectorImpl<Value> &values) const {
  auto collect = [&](const LinearForm &form) {
    for (const Term &term : form.terms)
      values.push_back(term.value);
  };
  for (const OverflowCheck &check : checks) {
    collect(check.lhs);
    collect(check.rhs);
  }
  auto collectGuard = [&](const Guard &guard) {
    collect(guard.positive);
    if (guard.condition)
      values.push_back(guard.condition);
  };
  if (!checks.empty()) {
    for (const Reach &axis : reach)
      for (const auto *limits : {&axis.lows, &axis.highs})
        llvm::for_each(*limits, collect);
    llvm::for_each(reachGuards, collectGuard);
  }
  if (never)
    return;
  collect(base);
  for (const AccessAxis &axis : axes) {
    collect(axis.offset);
    if (axis.rows)
      collect(*axis.rows);
    for (const LinearForm &limit : axis.lows)
      collect(limit);
    for (const LinearForm &limit : axis.highs)
      collect(limit);
  }
  llvm::for_each(guards, collectGuard);
}

std::optional<Interval> Access::addresses() const {
  if (!base.terms.empty())
    return std::nullopt;
  Interval range{base.constant, base.constant};
  for (const AccessAxis &axis : axes) {
    std::optional<Interval> indices = axis.touched();
    int64_t a, b;
    if (!indices || __builtin_mul_overflow(indices->min, axis.stride, &a) ||
        __builtin_mul_overflow(indices->max, axis.stride, &b) ||
        __builtin_add_overflow(range.min, std::min(a, b), &range.min) ||
        __builtin_add_overflow(range.max, std::max(a, b), &range.max))
      return std::nullopt;
  }
  return range;
}

} // namespace rblnc::lower
