// Reshapes as groups of axes.
#include "ReshapeGroups.h"

using namespace llvm;

namespace rblnc::lower {

SmallVector<ReshapeGroup> groupAxes(ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  SmallVector<ReshapeGroup> groups;
  if (from.empty() || to.empty())
    return groups;
  unsigned i = 0, j = 0;
  while (i < from.size() && j < to.size()) {
    ReshapeGroup group{i, i, j, j};
    int64_t left = from[i++], right = to[j++];
    // Both products divide the element count, so they cannot overflow.
    while (left != right) {
      if (left < right && i < from.size())
        left *= from[i++];
      else if (j < to.size())
        right *= to[j++];
      else
        break;
    }
    group.fromEnd = i;
    group.toEnd = j;
    groups.push_back(group);
  }
  // What is left has extent 1.
  groups.back().fromEnd = from.size();
  groups.back().toEnd = to.size();
  return groups;
}

std::optional<SmallVector<int64_t, 6>> reshapeStrides(ArrayRef<int64_t> from, ArrayRef<int64_t> strides,
                                                      ArrayRef<int64_t> to) {
  SmallVector<int64_t, 6> result(to.size(), 0);
  for (const ReshapeGroup &group : groupAxes(from, to)) {
    // The group's source axes must act as one axis with the stride of its innermost one.
    std::optional<int64_t> inner;
    int64_t next = 0;
    for (unsigned axis = group.fromEnd; axis-- > group.fromBegin;) {
      if (from[axis] == 1)
        continue;
      if (!inner)
        inner = strides[axis];
      else if (strides[axis] != next)
        return std::nullopt;
      if (__builtin_mul_overflow(strides[axis], from[axis], &next))
        return std::nullopt;
    }
    int64_t stride = inner.value_or(0);
    for (unsigned axis = group.toEnd; axis-- > group.toBegin;) {
      if (to[axis] == 1)
        continue;
      result[axis] = stride;
      if (__builtin_mul_overflow(stride, to[axis], &stride))
        return std::nullopt;
    }
  }
  return result;
}

} // namespace rblnc::lower
