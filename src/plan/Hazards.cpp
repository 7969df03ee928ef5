// Read-after-write, write-after-read and write-after-write between queues.
#include "Hazards.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace mlir;

namespace rblnc::plan {

static void addRegisters(npu::AccessAttr access, Effects &effects) {
  effects.registersRead.append(access.getRegisters().begin(), access.getRegisters().end());
}

static void addAccess(Value memory, npu::AccessAttr access, bool write, Effects &effects) {
  (write ? effects.writes : effects.reads).push_back(memory);
  addRegisters(access, effects);
}

Effects effectsOf(Operation *op) {
  Effects effects;
  if (auto dma = dyn_cast<npu::DmaOp>(op)) {
    addAccess(dma.getSource(), dma.getSourceAccess(), false, effects);
    addAccess(dma.getDestination(), dma.getDestinationAccess(), true, effects);
    if (ArrayAttr clips = dma.getClipsAttr())
      for (auto clip : clips.getAsRange<npu::ClipAttr>())
        if (clip.getReg() >= 0)
          effects.registersRead.push_back(clip.getReg());
  } else if (auto matmul = dyn_cast<npu::MatmulOp>(op)) {
    addAccess(matmul.getA(), matmul.getAAccess(), false, effects);
    addAccess(matmul.getB(), matmul.getBAccess(), false, effects);
    if (matmul.getC())
      addAccess(matmul.getC(), *matmul.getCAccess(), false, effects);
    addAccess(matmul.getD(), matmul.getDAccess(), true, effects);
  } else if (auto vector = dyn_cast<npu::VectorOp>(op)) {
    for (auto [memory, access] : llvm::zip(vector.getInputs(), vector.getInputAccesses()))
      addAccess(memory, cast<npu::AccessAttr>(access), false, effects);
    for (auto [memory, access] : llvm::zip(vector.getOutputs(), vector.getOutputAccesses()))
      addAccess(memory, cast<npu::AccessAttr>(access), true, effects);
  } else if (auto load = dyn_cast<npu::LoadScalarOp>(op)) {
    addAccess(load.getSource(), load.getSourceAccess(), false, effects);
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

void Hazards::touch(Value memory, bool write, int queue, Position position, Dependence &needs) {
  if (auto buffer = memory.getDefiningOp<npu::BufferOp>()) {
    auto begin = static_cast<int64_t>(*buffer.getOffset());
    Space &space = buffers[{static_cast<int>(buffer.getSpace()), buffer.getUnit()}];
    space.touch(begin, begin + static_cast<int64_t>(buffer.getBytes()), write, queue, position, needs);
  } else {
    regions[memory].touch(0, 1, write, queue, position, needs);
  }
}

void Hazards::follow(const Effects &effects, int queue, Position position, Dependence &needs) {
  for (int64_t reg : effects.registersRead)
    registers.touch(reg, reg + 1, false, queue, position, needs);
  for (Value memory : effects.reads)
    touch(memory, false, queue, position, needs);
  for (Value memory : effects.writes)
    touch(memory, true, queue, position, needs);
  if (effects.registerWritten >= 0)
    registers.touch(effects.registerWritten, effects.registerWritten + 1, true, queue, position, needs);
}

} // namespace rblnc::plan
