#include "Footprint.h"

#include "rblnc/bundle/Ops.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <map>
#include <utility>

namespace rblnc::bundle::prover {
namespace {

/// Numbers beyond this are not reasoned about. Sums of a hundred products below it fit 128 bits.
constexpr __int128 most = __int128{1} << 60;

/// One axis of the index space: lo <= index < hi, and the clips that depend on registers.
struct Axis {
  __int128 lo, hi;
  llvm::SmallVector<const Clip *, 2> dynamic;
};

class Builder {
public:
  Builder(const AccessUse &use, const Program &program, const Conditions &conditions, int64_t bytes)
      : use(use), access(*use.access), program(program), conditions(conditions), bytes(bytes) {
    result.element = static_cast<int64_t>(bytesOf(access.dtype()));
  }

  Footprint run() {
    if (!readAxes())
      return result;
    if (access.terms())
      for (const Term *term : *access.terms())
        scales[term->register_()] += term->scale();
    buildPlain();
    result.plain.isWild = std::exchange(isTooLarge, false);
    buildPlaced();
    result.placed.isWild = std::exchange(isTooLarge, false);
    if (!isNothing)
      bound();
    return result;
  }

private:
  __int128 least(uint32_t reg) const { return program.registers()->Get(reg)->min(); }
  __int128 greatest(uint32_t reg) const { return program.registers()->Get(reg)->max(); }
  int64_t strideOf(size_t d) const { return access.strides()->Get(static_cast<uint32_t>(d)); }
  bool hasOneValue(uint32_t reg) const { return conditions.loadsOf(reg) <= 1; }

  int64_t narrow(__int128 value) {
    isTooLarge |= value > most || value < -most;
    return isTooLarge ? 0 : static_cast<int64_t>(value);
  }

  /// False when nothing is touched.
  bool readAxes() {
    for (int64_t extent : use.shape)
      axes.push_back({0, extent, {}});
    if (use.clips)
      for (const Clip *clip : *use.clips) {
        Axis &axis = axes[clip->axis()];
        __int128 lo = clip->lo(), hi = clip->hi();
        if (clip->register_() >= 0) {
          auto reg = static_cast<uint32_t>(clip->register_());
          lo += std::min(clip->lo_scale() * least(reg), clip->lo_scale() * greatest(reg));
          hi += std::max(clip->hi_scale() * least(reg), clip->hi_scale() * greatest(reg));
          axis.dynamic.push_back(clip);
        }
        axis.lo = std::max(axis.lo, lo);
        axis.hi = std::min(axis.hi, hi);
      }
    return std::all_of(axes.begin(), axes.end(), [](const Axis &axis) { return axis.lo < axis.hi; });
  }

  /// Adds first to last times stride.
  void add(Form &form, __int128 &base, __int128 stride, __int128 first, __int128 last) {
    base += stride * (stride < 0 ? last : first);
    if (stride != 0 && last > first)
      form.spans.push_back({narrow(stride < 0 ? -stride : stride), narrow(last - first + 1)});
  }
  void addAxis(Form &form, __int128 &base, size_t d) {
    if (axes[d].hi - axes[d].lo > most || strideOf(d) > most || strideOf(d) < -most)
      isTooLarge = true;
    else
      add(form, base, strideOf(d), axes[d].lo, axes[d].hi - 1);
  }

  void buildPlain() {
    __int128 base = access.offset();
    for (size_t d = 0; d < axes.size(); ++d)
      addAxis(result.plain, base, d);
    for (auto [reg, scale] : scales) {
      if (scale > most || scale < -most || greatest(reg) > most || least(reg) < -most)
        isTooLarge = true;
      else if (hasOneValue(reg))
        result.plain.terms.push_back({reg, narrow(scale)});
      else
        add(result.plain, base, scale, least(reg), greatest(reg));
    }
    result.plain.base = narrow(base);
  }

  /// A row number that is an axis' index plus `shift` times the register, with the limits that clips set to it.
  void addRow(__int128 stride, const Axis &axis, uint32_t reg, int shift) {
    __int128 first = axis.lo + shift * least(reg), last = axis.hi - 1 + shift * greatest(reg);
    Row row{narrow(stride), 0, 0, reg};
    auto limit = [&](__int128 value, auto set) {
      if (hasOneValue(reg) && value <= most && value >= -most)
        set(static_cast<int64_t>(value));
    };
    auto setLower = [&](int64_t value) { row.lower = std::max(row.lower.value_or(value), value); };
    auto setUpper = [&](int64_t value) { row.upper = std::min(row.upper.value_or(value), value); };
    if (shift) {
      limit(axis.lo, setLower);
      limit(axis.hi - 1, setUpper);
    }
    for (const Clip *clip : axis.dynamic) {
      if (static_cast<uint32_t>(clip->register_()) != reg)
        continue;
      // index >= lo + lo_scale * R is row >= lo + (lo_scale + shift) * R; the upper limits likewise.
      __int128 lo = clip->lo(), hi = static_cast<__int128>(clip->hi()) - 1;
      if (clip->lo_scale() == -shift)
        first = std::max(first, lo);
      else if (clip->lo_scale() == 1 - shift)
        limit(lo, setLower);
      if (clip->hi_scale() == -shift)
        last = std::min(last, hi);
      else if (clip->hi_scale() == 1 - shift)
        limit(hi, setUpper);
    }
    isNothing |= first > last;
    row.first = narrow(first);
    row.last = narrow(last);
    result.placed.rows.push_back(row);
  }

  /// Whether an index of axis d and the value of a register that is scaled so add up to one row number.
  bool movesAlong(size_t d, uint32_t reg, __int128 scale) const {
    const Axis &axis = axes[d];
    bool isClipped =
        llvm::any_of(axis.dynamic, [&](const Clip *clip) { return static_cast<uint32_t>(clip->register_()) == reg; });
    // The stride of an axis that has only index 0 says nothing.
    if (axis.hi - axis.lo == 1)
      return isClipped && (strideOf(d) == scale || axis.lo == 0);
    return strideOf(d) == scale;
  }

  void buildPlaced() {
    Form &form = result.placed;
    __int128 base = access.offset();
    llvm::SmallVector<bool, 8> isPlaced(axes.size(), false);
    for (auto [reg, scale] : scales) {
      if (scale > most || scale < -most || (scale <= 0 && (greatest(reg) > most || least(reg) < -most))) {
        isTooLarge = true;
        continue;
      }
      if (scale <= 0) {
        add(form, base, scale, least(reg), greatest(reg));
        continue;
      }
      // The register and the axis that it moves along.
      size_t moved = axes.size();
      for (size_t d = 0; d < axes.size(); ++d)
        if (!isPlaced[d] && movesAlong(d, reg, scale) &&
            (moved == axes.size() || axes[d].dynamic.size() > axes[moved].dynamic.size()))
          moved = d;
      if (moved < axes.size()) {
        isPlaced[moved] = true;
        addRow(scale, axes[moved], reg, 1);
      } else {
        addRow(scale, {0, 1, {}}, reg, 1);
      }
    }
    // What is left: axes that a clip keeps in front of a register or behind it, and others.
    for (size_t d = 0; d < axes.size(); ++d) {
      if (isPlaced[d])
        continue;
      if (axes[d].dynamic.empty() || strideOf(d) <= 0 || axes[d].hi - axes[d].lo == 1)
        addAxis(form, base, d);
      else
        addRow(strideOf(d), axes[d], static_cast<uint32_t>(axes[d].dynamic.front()->register_()), 0);
    }
    form.base = narrow(base);
  }

  /// First and last byte: what both forms allow, inside of the memory.
  void bound() {
    result.first = 0;
    result.last = bytes - 1;
    for (const Form *form : {&result.plain, &result.placed}) {
      if (form->isWild)
        continue;
      __int128 low = form->base, high = form->base;
      for (Span span : form->spans)
        high += static_cast<__int128>(span.stride) * (span.count - 1);
      for (const Row &row : form->rows) {
        low += static_cast<__int128>(row.stride) * row.first;
        high += static_cast<__int128>(row.stride) * row.last;
      }
      for (Form::Term term : form->terms) {
        __int128 a = term.scale * least(term.reg), b = term.scale * greatest(term.reg);
        low += std::min(a, b);
        high += std::max(a, b);
      }
      high += result.element - 1;
      // Beyond the memory only where nothing is touched.
      result.first = static_cast<int64_t>(std::clamp<__int128>(low, result.first, INT64_MAX));
      result.last = static_cast<int64_t>(std::clamp<__int128>(high, -1, result.last));
    }
  }

  const AccessUse &use;
  const Access &access;
  const Program &program;
  const Conditions &conditions;
  int64_t bytes;
  Footprint result;
  std::map<uint32_t, __int128> scales;
  llvm::SmallVector<Axis, 8> axes;
  bool isTooLarge = false, isNothing = false;
};

} // namespace

std::optional<Footprint::Residue> Footprint::residueIn(int64_t period) const {
  if (placed.isWild)
    return std::nullopt;
  auto modulo = [&](int64_t value) { return (value % period + period) % period; };
  __int128 begin = modulo(placed.base), length = element - 1;
  for (Span span : placed.spans)
    if (span.stride % period != 0)
      length += static_cast<__int128>(span.stride) * (span.count - 1);
  for (const Row &row : placed.rows)
    if (row.stride % period != 0) {
      begin += static_cast<__int128>(row.stride) * row.first;
      length += static_cast<__int128>(row.stride) * (row.last - row.first);
    }
  begin %= period;
  if (begin < 0)
    begin += period;
  if (begin + length >= period)
    return std::nullopt;
  return Residue{static_cast<int64_t>(begin), static_cast<int64_t>(begin + length)};
}

Footprint footprintOf(const AccessUse &use, const Program &program, const Conditions &conditions, int64_t bytes) {
  return Builder(use, program, conditions, bytes).run();
}

} // namespace rblnc::bundle::prover
