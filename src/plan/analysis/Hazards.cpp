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
    if (ArrayAttr checks = load.getChecksAttr())
      for (auto check : checks.getAsRange<npu::OverflowAttr>()) {
        llvm::append_range(effects.registersRead, check.getRegisters());
        llvm::copy_if(check.getUnless(), std::back_inserter(effects.registersRead),
                      [&](int64_t reg) { return reg != static_cast<int64_t>(load.getReg()); });
      }
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
  if (write && needs.branch < 0) {
    // What one command has written is one piece again; only a branch must tell what was there before.
    auto first = pieces.find(begin);
    if (first != pieces.end() && begin < end) {
      first->second.end = end;
      pieces.erase(std::next(first), pieces.lower_bound(end));
    }
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
