// Read-after-write, write-after-read and write-after-write between queues.
#include "Hazards.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cstdint>

using namespace mlir;

namespace rblnc::plan {

Effects effectsOf(Operation *op) {
  Effects effects;
  auto command = dyn_cast<npu::CommandInterface>(op);
  if (!command)
    return effects;
  effects.touches = command.getTouches();
  for (const Touch &touch : effects.touches)
    llvm::append_range(effects.registersRead, touch.access.getRegisters());
  llvm::append_range(effects.registersRead, command.getOtherRegisters());
  effects.registerWritten = command.getLoadedRegister();
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
