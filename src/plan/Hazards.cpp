// Read-after-write, write-after-read and write-after-write between queues.
#include "Hazards.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cstdint>
#include <optional>

using namespace mlir;

namespace rblnc::plan {

static void addRegisters(npu::AccessAttr access, Effects &effects) {
  effects.registersRead.append(access.getRegisters().begin(), access.getRegisters().end());
}

static void add(Effects &effects, Value memory, npu::AccessAttr access, ArrayRef<int64_t> shape, bool isWrite,
                ArrayAttr clips = {}) {
  effects.touches.push_back({memory, access, shape, isWrite, clips});
  addRegisters(access, effects);
}

Effects effectsOf(Operation *op) {
  Effects effects;
  if (auto dma = dyn_cast<npu::DmaOp>(op)) {
    add(effects, dma.getSource(), dma.getSourceAccess(), dma.getShape(), false, dma.getClipsAttr());
    // With a fill value, what lies outside of the clips is written as well.
    add(effects, dma.getDestination(), dma.getDestinationAccess(), dma.getShape(), true,
        dma.getFill() ? ArrayAttr() : dma.getClipsAttr());
    if (ArrayAttr clips = dma.getClipsAttr())
      for (auto clip : clips.getAsRange<npu::ClipAttr>())
        if (clip.getReg() >= 0)
          effects.registersRead.push_back(clip.getReg());
  } else if (auto matmul = dyn_cast<npu::MatmulOp>(op)) {
    add(effects, matmul.getA(), matmul.getAAccess(), {}, false);
    add(effects, matmul.getB(), matmul.getBAccess(), {}, false);
    if (matmul.getC())
      add(effects, matmul.getC(), *matmul.getCAccess(), {}, false);
    add(effects, matmul.getD(), matmul.getDAccess(), {}, true);
  } else if (auto vector = dyn_cast<npu::VectorOp>(op)) {
    for (auto [memory, access] : llvm::zip(vector.getInputs(), vector.getInputAccesses()))
      add(effects, memory, cast<npu::AccessAttr>(access), {}, false);
    for (auto [memory, access] : llvm::zip(vector.getOutputs(), vector.getOutputAccesses()))
      add(effects, memory, cast<npu::AccessAttr>(access), {}, true);
  } else if (auto load = dyn_cast<npu::LoadScalarOp>(op)) {
    add(effects, load.getSource(), load.getSourceAccess(), {}, false);
    effects.registerWritten = static_cast<int64_t>(load.getReg());
  }
  return effects;
}

void Space::Touches::addTo(Dependence &needs, bool isWrite) const {
  if (writer >= 0)
    needs.add(writer, write);
  if (isWrite)
    for (auto [reader, read] : llvm::enumerate(reads))
      needs.add(static_cast<int>(reader), read);
}

void Space::touch(int64_t begin, int64_t end, bool write, int queue, Position position, Dependence &needs) {
  cut(begin);
  cut(end);
  int64_t at = begin;
  for (auto piece = pieces.lower_bound(begin); at < end; ++piece) {
    if (piece == pieces.end() || piece->first > at) {
      int64_t stop = piece == pieces.end() ? end : std::min(end, piece->first);
      piece = pieces.emplace_hint(piece, at, Piece{stop, {}, {}});
    }
    Piece &p = piece->second;
    if (needs.branch >= 0) {
      if (p.branch != needs.branch) {
        p.branch = needs.branch;
        p.beforeBranch = p.last;
      }
      p.beforeBranch.addTo(needs, write);
    }
    p.last.addTo(needs, write);
    if (write)
      p.last = {queue, position, {}};
    p.last.reads.resize(needs.border.size(), 0);
    if (!write)
      p.last.reads[queue] = position;
    at = p.end;
  }
}

void Space::cut(int64_t at) {
  auto next = pieces.upper_bound(at);
  if (next == pieces.begin())
    return;
  auto piece = std::prev(next);
  if (piece->first == at || piece->second.end <= at)
    return;
  Piece tail = piece->second;
  piece->second.end = at;
  pieces.emplace_hint(next, at, std::move(tail));
}

namespace {
/// Rows along an axis whose place a register says, as far as a clip keeps them inside of a larger block: row r lies at
/// r + register of it, and first <= r + register < end.
struct Window {
  int64_t axis;
  __int128 first, end;
};
} // namespace

static std::optional<Window> windowOf(const Touch &touch, int64_t number, int64_t scale, npu::RegisterAttr bounds) {
  if (!touch.clips)
    return std::nullopt;
  for (auto clip : touch.clips.getAsRange<npu::ClipAttr>()) {
    int64_t axis = clip.getAxis();
    if (clip.getReg() != number || clip.getHiScale() != -1 || touch.access.getStrides()[axis] != scale)
      continue;
    __int128 first = bounds.getMin();
    if (clip.getLoScale() == -1)
      first = std::max<__int128>(first, clip.getLo());
    // Without the clip they end with the last row at the greatest value.
    __int128 last = __int128(bounds.getMax()) + touch.shape[axis];
    return Window{axis, first, std::max(first, std::min<__int128>(last, clip.getHi()))};
  }
  return std::nullopt;
}

Footprint Footprint::of(const Touch &touch, ArrayAttr registers) {
  Footprint footprint;
  if (touch.access.getStrides().size() != touch.shape.size()) {
    // Only transfers and scalar loads reach into arrays; of anything else every element is assumed.
    footprint.lo = INT64_MIN;
    footprint.hi = INT64_MAX;
    footprint.dimensions.push_back({1, INT64_MAX});
    return footprint;
  }
  auto add = [&](int64_t stride, __int128 count) {
    if (stride == 0 || count <= 1)
      return;
    __int128 reach = stride * (count - 1);
    (stride < 0 ? footprint.lo : footprint.hi) += reach;
    // More positions than 64 bits count are as good as the most.
    footprint.dimensions.push_back(
        {stride < 0 ? -stride : stride, static_cast<int64_t>(std::min<__int128>(count, INT64_MAX))});
  };
  footprint.lo = footprint.hi = touch.access.getOffset();
  SmallVector<Window, 2> windows;
  for (auto [number, scale] : llvm::zip(touch.access.getRegisters(), touch.access.getScales())) {
    auto bounds = cast<npu::RegisterAttr>(registers[number]);
    if (auto window = windowOf(touch, number, scale, bounds);
        window && llvm::none_of(windows, [&](const Window &other) { return other.axis == window->axis; })) {
      footprint.lo += window->first * scale;
      footprint.hi += window->first * scale;
      add(scale, window->end - window->first);
      windows.push_back(*window);
      continue;
    }
    __int128 first = __int128(bounds.getMin()) * scale;
    footprint.lo += first;
    footprint.hi += first;
    add(scale, __int128(bounds.getMax()) - bounds.getMin() + 1);
  }
  for (auto [d, stride, extent] : llvm::enumerate(touch.access.getStrides(), touch.shape))
    if (llvm::none_of(windows, [d = d](const Window &window) { return window.axis == static_cast<int64_t>(d); }))
      add(stride, extent);
  return footprint;
}

namespace {
/// Where a footprint lies within periods of `period` elements: [first, last], if it lies in the same place of all.
struct Residue {
  __int128 first, last;
};
} // namespace

static std::optional<Residue> residueOf(const Footprint &footprint, int64_t period) {
  __int128 first = footprint.lo % period;
  if (first < 0)
    first += period;
  __int128 last = first;
  for (Footprint::Dimension dimension : footprint.dimensions)
    if (dimension.stride % period != 0)
      last += __int128(dimension.stride) * (dimension.count - 1);
  if (last >= period)
    return std::nullopt;
  return Residue{first, last};
}

bool Footprint::isApartFrom(const Footprint &other) const {
  if (hi < other.lo || other.hi < lo)
    return true;
  for (const Footprint *either : {this, &other})
    for (Dimension dimension : either->dimensions) {
      std::optional<Residue> a = residueOf(*this, dimension.stride), b = residueOf(other, dimension.stride);
      if (a && b && (a->last < b->first || b->last < a->first))
        return true;
    }
  return false;
}

void Array::touch(Footprint footprint, bool write, int queue, Position position, Dependence &needs) {
  // All that touched the array before is kept, so a command of a branch hides nothing.
  for (const Past &past : pasts)
    if ((write || past.isWrite) && !needs.has(past.queue, past.position) && !footprint.isApartFrom(past.footprint))
      needs.add(past.queue, past.position);
  pasts.push_back({std::move(footprint), write, queue, position});
}

void Hazards::follow(const Touch &touch, int queue, Position position, Dependence &needs) {
  if (auto buffer = touch.memory.getDefiningOp<npu::BufferOp>()) {
    auto begin = static_cast<int64_t>(*buffer.getOffset());
    Space &space = buffers[{static_cast<int>(buffer.getSpace()), buffer.getUnit()}];
    space.touch(begin, begin + static_cast<int64_t>(buffer.getBytes()), touch.isWrite, queue, position, needs);
  } else if (!touch.memory.getDefiningOp<npu::ConstantOp>()) {
    arrays[touch.memory].touch(Footprint::of(touch, registerBounds), touch.isWrite, queue, position, needs);
  }
}

void Hazards::follow(const Effects &effects, int queue, Position position, Dependence &needs) {
  for (int64_t reg : effects.registersRead)
    registers.touch(reg, reg + 1, false, queue, position, needs);
  // What is read before what is written: a command does not depend on itself.
  for (bool isWrite : {false, true})
    for (const Touch &touch : effects.touches)
      if (touch.isWrite == isWrite)
        follow(touch, queue, position, needs);
  if (effects.registerWritten >= 0)
    registers.touch(effects.registerWritten, effects.registerWritten + 1, true, queue, position, needs);
}

} // namespace rblnc::plan
