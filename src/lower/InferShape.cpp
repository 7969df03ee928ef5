// The shape of an array from the accesses to it.
#include "Signature.h"

#include "llvm/ADT/STLExtras.h"

#include <limits>

using namespace llvm;

namespace rblnc::lower {
namespace {

/// Row-major strides; nothing on overflow.
std::optional<SmallVector<int64_t>> rowMajorStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (size_t d = shape.size(); d-- > 1;)
    if (__builtin_mul_overflow(strides[d], shape[d], &strides[d - 1]))
      return std::nullopt;
  return strides;
}

/// The one shape that all block pointers declare with its row-major strides.
std::optional<SmallVector<int64_t>> declaredShape(ArrayRef<const Access *> accesses) {
  SmallVector<int64_t> shape;
  for (const Access *access : accesses) {
    if (!access->isBlockPointer || !access->base.isConstant() || access->base.constant != 0)
      return std::nullopt;
    SmallVector<int64_t> declared;
    for (const AccessAxis &axis : access->axes)
      declared.push_back(axis.declared.value_or(0));
    if (access == accesses.front())
      shape = declared;
    if (declared != shape || any_of(declared, [](int64_t extent) { return extent < 1; }))
      return std::nullopt;
    std::optional<SmallVector<int64_t>> strides = rowMajorStrides(shape);
    if (!strides)
      return std::nullopt;
    for (auto [axis, stride] : zip(access->axes, *strides))
      if (*axis.declared != 1 && axis.stride != stride)
        return std::nullopt;
  }
  return shape;
}

/// Whether an access stays at index 0 of an axis.
bool isFlat(const AccessAxis &axis) {
  std::optional<Interval> touched = axis.touched();
  return touched && touched->min == 0 && touched->max == 0;
}

/// The stride of every axis along which some access extends or moves, 0 for the others; nothing where they disagree.
std::optional<SmallVector<int64_t>> commonStrides(ArrayRef<const Access *> accesses) {
  SmallVector<int64_t> strides(accesses.front()->axes.size(), 0);
  for (const Access *access : accesses) {
    if (access->axes.size() != strides.size())
      return std::nullopt;
    for (auto [axis, stride] : zip(access->axes, strides)) {
      if (isFlat(axis))
        continue;
      if (axis.stride < 1 || (stride != 0 && stride != axis.stride))
        return std::nullopt;
      stride = axis.stride;
    }
  }
  // A column of a wider array: the innermost axis is there although no access extends along it.
  if (!strides.empty() && strides.back() == 0 && !is_contained(strides, 1) &&
      any_of(strides, [](int64_t stride) { return stride != 0; }))
    strides.back() = 1;
  return strides;
}

/// The shape with these strides, if they nest and every access stays inside of it.
std::optional<SmallVector<int64_t>> nestedShape(ArrayRef<const Access *> accesses, ArrayRef<int64_t> strides) {
  SmallVector<unsigned> axes;
  for (auto [d, stride] : enumerate(strides))
    if (stride != 0)
      axes.push_back(d);
  if (axes.empty() || strides[axes.back()] != 1)
    return std::nullopt;
  SmallVector<int64_t> shape(strides.size(), 1);
  for (size_t k = 1; k < axes.size(); ++k) {
    int64_t outer = strides[axes[k - 1]], inner = strides[axes[k]];
    if (outer <= inner || outer % inner != 0)
      return std::nullopt;
    shape[axes[k]] = outer / inner;
  }
  SmallVector<int64_t> spans(axes.size(), 1);
  for (const Access *access : accesses) {
    // The address of the first element tells its index along each axis.
    int64_t rest = access->addresses()->min;
    for (size_t k = 0; k < axes.size(); ++k) {
      Interval touched = *access->axes[axes[k]].touched();
      spans[k] = std::max(spans[k], touched.max - touched.min + 1);
      int64_t last;
      if (__builtin_add_overflow(rest / strides[axes[k]], touched.max - touched.min, &last))
        return std::nullopt;
      rest %= strides[axes[k]];
      int64_t &extent = shape[axes[k]];
      if (k == 0)
        extent = std::max(extent, last < std::numeric_limits<int64_t>::max() ? last + 1 : last);
      else if (last >= extent)
        return std::nullopt;
    }
  }
  // Pointer tensors do not tell the stride of an axis along which they do not extend: where the axis inside of it is
  // longer than any access, what looks like a step along the inner axis may be one along the outer.
  if (all_of(accesses, [](const Access *access) { return access->isBlockPointer; }))
    return shape;
  for (size_t k = 0; k < axes.size(); ++k) {
    unsigned begin = k == 0 ? 0 : axes[k - 1] + 1;
    if (begin < axes[k] && spans[k] < shape[axes[k]])
      return std::nullopt;
  }
  return shape;
}

bool hasCount(ArrayRef<int64_t> shape) { return tt::elementCountOf(shape).has_value(); }

} // namespace

std::optional<InferredShape> inferShape(ArrayRef<const Access *> accesses) {
  if (accesses.empty())
    return InferredShape{{1}, true};
  if (std::optional<SmallVector<int64_t>> shape = declaredShape(accesses); shape && hasCount(*shape))
    return InferredShape{*shape, false};
  if (std::optional<SmallVector<int64_t>> strides = commonStrides(accesses))
    if (std::optional<SmallVector<int64_t>> shape = nestedShape(accesses, *strides); shape && hasCount(*shape))
      return InferredShape{*shape, false};
  int64_t extent = 0;
  for (const Access *access : accesses)
    if (__builtin_add_overflow(std::max(extent - 1, access->addresses()->max), 1, &extent))
      return std::nullopt;
  return InferredShape{{extent}, true};
}

} // namespace rblnc::lower
