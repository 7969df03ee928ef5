#include "Access.h"

#include "rblnc/bundle/Describe.h"
#include "rblnc/bundle/Ops.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace rblnc::bundle::verifier {
namespace {

/// 128-bit arithmetic that remembers that it overflowed. Sums of products of int64_t need 128 bits or a little more.
class Wide {
public:
  Wide(__int128 value = 0) : value(value) {}
  Wide &operator+=(Wide other) {
    isOverflown |= other.isOverflown | __builtin_add_overflow(value, other.value, &value);
    return *this;
  }
  friend Wide operator*(Wide a, Wide b) {
    Wide result;
    result.isOverflown = a.isOverflown | b.isOverflown | __builtin_mul_overflow(a.value, b.value, &result.value);
    return result;
  }
  std::optional<__int128> get() const { return isOverflown ? std::nullopt : std::optional(value); }

private:
  __int128 value;
  bool isOverflown = false;
};

/// The clips of a command, for the proof: constant ones are applied to the bounds at once; of those that depend on a
/// register, one an axis is used (more would make the bounds no smaller in any program that is known).
struct Axis {
  int64_t lo = 0, hi = 0; ///< lo <= index < hi
  const Clip *dynamic = nullptr;
};

__int128 floorDivide(__int128 a, __int128 b) {
  __int128 quotient = a / b;
  return quotient - ((a % b != 0) && ((a < 0) != (b < 0)));
}

/// The greatest offset that an access reaches, or with `sign` -1 the negated least one.
///
/// An offset is a sum over registers R of (scale * R + what the axes add whose clips depend on R). For each axis that
/// is stride * (min(hi, clip hi(R)) - 1) for a positive stride and stride * max(lo, clip lo(R)) for a negative one:
/// concave in R, piecewise linear, with at most one break an axis. So the maximum is at a bound of R or beside a break,
/// and all of those are tried.
class Reach {
public:
  Reach(const Context &context, const Access &access, llvm::ArrayRef<Axis> axes, int sign)
      : context(context), access(access), axes(axes), sign(sign) {}

  std::optional<__int128> greatest() {
    Wide sum = Wide(access.offset()) * sign;
    std::map<uint32_t, Wide> scales;
    if (access.terms())
      for (const Term *term : *access.terms())
        scales[term->register_()] += Wide(term->scale()) * sign;
    for (size_t d = 0; d < axes.size(); ++d) {
      if (axes[d].dynamic)
        scales.try_emplace(static_cast<uint32_t>(axes[d].dynamic->register_()));
      else
        sum += axisAt(d, 0);
    }
    for (auto &[number, scale] : scales)
      sum += greatestOver(number, scale);
    return sum.get();
  }

private:
  Wide stride(size_t d) const { return Wide(access.strides()->Get(static_cast<uint32_t>(d))) * sign; }

  /// The most that axis d adds when its register has this value.
  Wide axisAt(size_t d, __int128 value) const {
    const Axis &axis = axes[d];
    __int128 index;
    bool isUp = (access.strides()->Get(static_cast<uint32_t>(d)) > 0) == (sign > 0);
    if (isUp) {
      index = axis.hi;
      if (axis.dynamic)
        index = std::min(index, axis.dynamic->hi() + value * axis.dynamic->hi_scale());
      index -= 1;
    } else {
      index = axis.lo;
      if (axis.dynamic)
        index = std::max(index, axis.dynamic->lo() + value * axis.dynamic->lo_scale());
    }
    return stride(d) * Wide(index);
  }

  Wide greatestOver(uint32_t number, Wide scale) const {
    const Register &reg = context.registerAt(number);
    llvm::SmallVector<__int128, 8> candidates = {reg.min(), reg.max()};
    auto addBreak = [&](__int128 bound, int64_t base, int64_t slope) {
      if (slope == 0)
        return;
      __int128 at = floorDivide(bound - base, slope);
      for (__int128 value : {at, at + 1})
        if (value > reg.min() && value < reg.max())
          candidates.push_back(value);
    };
    for (const Axis &axis : axes)
      if (axis.dynamic && static_cast<uint32_t>(axis.dynamic->register_()) == number) {
        addBreak(axis.hi, axis.dynamic->hi(), axis.dynamic->hi_scale());
        addBreak(axis.lo, axis.dynamic->lo(), axis.dynamic->lo_scale());
      }
    std::optional<Wide> best;
    for (__int128 value : candidates) {
      Wide sum = scale * Wide(value);
      for (size_t d = 0; d < axes.size(); ++d)
        if (axes[d].dynamic && static_cast<uint32_t>(axes[d].dynamic->register_()) == number)
          sum += axisAt(d, value);
      if (!sum.get())
        return sum;
      if (!best || *sum.get() > *best->get())
        best = sum;
    }
    return *best;
  }

  const Context &context;
  const Access &access;
  llvm::ArrayRef<Axis> axes;
  int sign;
};

llvm::SmallVector<Axis, 8> axesOf(llvm::ArrayRef<int64_t> shape, const flatbuffers::Vector<const Clip *> *clips) {
  llvm::SmallVector<Axis, 8> axes;
  for (int64_t extent : shape)
    axes.push_back({0, extent, nullptr});
  if (clips)
    for (const Clip *clip : *clips) {
      Axis &axis = axes[clip->axis()];
      if (clip->register_() >= 0) {
        if (!axis.dynamic)
          axis.dynamic = clip;
        continue;
      }
      axis.lo = std::clamp(clip->lo(), axis.lo, axis.hi);
      axis.hi = std::clamp(clip->hi(), axis.lo, axis.hi);
    }
  return axes;
}

llvm::Error verifyParts(Context &context, const Access &access, llvm::ArrayRef<int64_t> shape, const char *what) {
  if (access.dtype() > DType::MAX)
    return context.error(Code::B035,
                         fmt::format("{} has the unknown dtype {}", what, static_cast<int>(access.dtype())));
  if (access.memory() > Memory::MAX || !context.bytesOf(access.memory(), access.unit()))
    return context.error(
        Code::B022, fmt::format("{} is in {}, which does not exist", what, nameOf(access.memory(), access.unit())));
  if (sizeOf(access.strides()) != shape.size())
    return context.error(
        Code::B023, fmt::format("{} has {} strides for {} dimensions", what, sizeOf(access.strides()), shape.size()));
  if (sizeOf(access.terms()) > maxTerms)
    return context.tooMany(std::string(what) + " has", access.terms()->size(), "terms", maxTerms);
  if (!isAligned(access.terms()) || !isAligned(access.strides()))
    return context.error(Code::B035, fmt::format("the strides or terms of {} are not aligned", what));
  if (access.terms())
    for (const Term *term : *access.terms())
      if (term->register_() >= context.registerCount())
        return context.error(
            Code::B022, fmt::format("{} uses register {} of {}", what, term->register_(), context.registerCount()));
  return llvm::Error::success();
}

} // namespace

llvm::Error verifyClips(Context &context, const flatbuffers::Vector<const Clip *> *clips, size_t rank) {
  if (sizeOf(clips) > maxClips)
    return context.tooMany("it has", clips->size(), "clips", maxClips);
  if (!clips)
    return llvm::Error::success();
  if (!isAligned(clips))
    return context.error(Code::B035, "its clips are not aligned");
  for (const Clip *clip : *clips) {
    if (clip->axis() >= rank)
      return context.error(Code::B022, fmt::format("it clips axis {} of {}", clip->axis(), rank));
    if (clip->register_() < -1 ||
        (clip->register_() >= 0 && static_cast<uint32_t>(clip->register_()) >= context.registerCount()))
      return context.error(Code::B022,
                           fmt::format("a clip uses register {} of {}", clip->register_(), context.registerCount()));
  }
  return llvm::Error::success();
}

llvm::Error verifyAccess(Context &context, const Access &access, llvm::ArrayRef<int64_t> shape,
                         const flatbuffers::Vector<const Clip *> *clips, bool isWritten, const char *what) {
  if (llvm::Error error = context.addItems(1))
    return error;
  if (llvm::Error error = verifyParts(context, access, shape, what))
    return error;
  if (isWritten)
    if (std::string reason = context.whyReadOnly(access.memory(), access.unit()); !reason.empty())
      return context.error(Code::B025, fmt::format("{} is written, and {}", what, reason));
  llvm::SmallVector<Axis, 8> axes = axesOf(shape, clips);
  for (const Axis &axis : axes)
    if (axis.lo >= axis.hi)
      return llvm::Error::success(); // no element at all
  std::optional<__int128> high = Reach(context, access, axes, 1).greatest();
  std::optional<__int128> negatedLow = Reach(context, access, axes, -1).greatest();
  auto bytes = static_cast<__int128>(*context.bytesOf(access.memory(), access.unit()));
  if (!high || !negatedLow)
    return context.error(Code::B024, fmt::format("{} has addresses that overflow", what));
  // Subtracting what an element takes from what there is cannot overflow.
  if (*negatedLow > 0 || *high > bytes - static_cast<__int128>(bytesOf(access.dtype()))) {
    auto shown = [](__int128 value) { return static_cast<int64_t>(std::clamp<__int128>(value, INT64_MIN, INT64_MAX)); };
    return context.error(Code::B024,
                         fmt::format("{} reaches bytes {} to {} of {}, which has {} bytes", what, shown(-*negatedLow),
                                     shown(*high + static_cast<__int128>(bytesOf(access.dtype())) - 1),
                                     nameOf(access.memory(), access.unit()), shown(bytes)));
  }
  return llvm::Error::success();
}

namespace {

bool haveSameTerms(const Access &a, const Access &b) {
  size_t count = sizeOf(a.terms());
  if (count != sizeOf(b.terms()))
    return false;
  for (uint32_t i = 0; i < count; ++i)
    if (a.terms()->Get(i)->register_() != b.terms()->Get(i)->register_() ||
        a.terms()->Get(i)->scale() != b.terms()->Get(i)->scale())
      return false;
  return true;
}

/// First and last byte, relative to nothing in particular, with the dimensions left out whose strides are multiples of
/// `period` (0: none are).
struct Hull {
  __int128 low, high;
};

Hull hullOf(const Access &access, llvm::ArrayRef<int64_t> shape, int64_t period) {
  Hull hull{access.offset(), access.offset()};
  for (size_t d = 0; d < shape.size(); ++d) {
    int64_t stride = access.strides()->Get(static_cast<uint32_t>(d));
    if (shape[d] <= 1 || (period != 0 && stride % period == 0))
      continue;
    __int128 reach = static_cast<__int128>(shape[d] - 1) * stride;
    (reach < 0 ? hull.low : hull.high) += reach;
  }
  hull.high += bytesOf(access.dtype()) - 1;
  return hull;
}

bool areDisjointModulo(const Hull &a, const Hull &b, int64_t period) {
  auto modulo = [&](__int128 value) { return ((value % period) + period) % period; };
  __int128 lengthA = a.high - a.low, lengthB = b.high - b.low;
  if (lengthA >= period || lengthB >= period)
    return false;
  return modulo(b.low - a.low) > lengthA && modulo(a.low - b.low) > lengthB;
}

} // namespace

bool areSame(const Access &a, const Access &b, llvm::ArrayRef<int64_t> shape) {
  if (a.memory() != b.memory() || a.unit() != b.unit() || a.offset() != b.offset() ||
      bytesOf(a.dtype()) != bytesOf(b.dtype()) || !haveSameTerms(a, b))
    return false;
  for (uint32_t d = 0; d < shape.size(); ++d)
    if (shape[d] > 1 && a.strides()->Get(d) != b.strides()->Get(d))
      return false;
  return true;
}

bool mayOverlap(const Context &context, const Access &a, llvm::ArrayRef<int64_t> shapeA, const Access &b,
                llvm::ArrayRef<int64_t> shapeB) {
  if (a.memory() != b.memory() || a.unit() != b.unit() || countOf(shapeA) == 0 || countOf(shapeB) == 0)
    return false;
  // Equal terms move both alike. Others are bounded by the memory alone.
  if (!haveSameTerms(a, b))
    return true;
  Hull hullA = hullOf(a, shapeA, 0), hullB = hullOf(b, shapeB, 0);
  if (hullA.high < hullB.low || hullB.high < hullA.low)
    return false;
  // Interleaved accesses: if both repeat with one stride, what is left of them may be disjoint within a period.
  auto separates = [&](const Access &access, llvm::ArrayRef<int64_t> shape) {
    for (uint32_t d = 0; d < shape.size(); ++d) {
      int64_t stride = access.strides()->Get(d);
      if (shape[d] <= 1 || stride == 0 || stride == INT64_MIN)
        continue;
      int64_t period = stride < 0 ? -stride : stride;
      if (areDisjointModulo(hullOf(a, shapeA, period), hullOf(b, shapeB, period), period))
        return true;
    }
    return false;
  };
  return !separates(a, shapeA) && !separates(b, shapeB);
}

bool areElementsDistinct(const Access &access, llvm::ArrayRef<int64_t> shape) {
  llvm::SmallVector<std::pair<__int128, int64_t>, 8> dimensions;
  for (uint32_t d = 0; d < shape.size(); ++d)
    if (shape[d] > 1) {
      __int128 stride = access.strides()->Get(d);
      dimensions.push_back({stride < 0 ? -stride : stride, shape[d]});
    }
  std::sort(dimensions.begin(), dimensions.end());
  // Each dimension must step over everything that the smaller ones reach.
  __int128 reach = bytesOf(access.dtype());
  for (auto [stride, extent] : dimensions) {
    if (stride < reach)
      return false;
    reach += stride * (extent - 1);
  }
  return true;
}

} // namespace rblnc::bundle::verifier
