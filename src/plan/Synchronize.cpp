// Synchronisation: each queue counts its finished commands in a semaphore of its own, and a command that depends on one
// of another queue waits for the count.
#include "Passes.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"

#include <map>

using namespace mlir;

namespace rblnc::plan {

namespace {

/// One past the number of a command within its queue; 0 is "none".
using Position = int64_t;

/// A piece of memory and who touched it last: the last write, and the reads since.
struct Piece {
  int64_t end = 0;
  int writer = -1;
  Position write = 0;
  llvm::SmallVector<Position, 4> reads; // by queue
};

/// One address space, cut into pieces where accesses begin and end. Registers are a space too.
class Space {
public:
  /// Adds to `needs` (by queue) what an access of [begin, end) by `queue` depends on, and records it.
  void touch(int64_t begin, int64_t end, bool write, int queue, Position position, SmallVectorImpl<Position> &needs) {
    cut(begin);
    cut(end);
    int64_t at = begin;
    for (auto piece = pieces.lower_bound(begin); at < end; ++piece) {
      if (piece == pieces.end() || piece->first > at) {
        int64_t stop = piece == pieces.end() ? end : std::min(end, piece->first);
        piece = pieces.emplace_hint(piece, at, Piece{stop, -1, 0, {}});
      }
      Piece &p = piece->second;
      if (p.writer >= 0)
        needs[p.writer] = std::max(needs[p.writer], p.write);
      p.reads.resize(needs.size(), 0);
      if (write) {
        for (auto [reader, read] : llvm::enumerate(p.reads))
          needs[reader] = std::max(needs[reader], read);
        p.writer = queue;
        p.write = position;
        llvm::fill(p.reads, 0);
      } else {
        p.reads[queue] = position;
      }
      at = p.end;
    }
  }

private:
  void cut(int64_t at) {
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

  std::map<int64_t, Piece> pieces;
};

/// What a command reads and writes.
struct Effects {
  SmallVector<Value, 4> reads, writes;
  SmallVector<int64_t, 2> registersRead;
  int64_t registerWritten = -1;
};

} // namespace

static void addRegisters(npu::AccessAttr access, Effects &effects) {
  if (access)
    effects.registersRead.append(access.getRegisters().begin(), access.getRegisters().end());
}

static Effects effectsOf(Operation *op) {
  Effects effects;
  if (auto dma = dyn_cast<npu::DmaOp>(op)) {
    effects.reads = {dma.getSource()};
    effects.writes = {dma.getDestination()};
    addRegisters(dma.getSourceAccess(), effects);
    addRegisters(dma.getDestinationAccess(), effects);
    if (ArrayAttr clips = dma.getClipsAttr())
      for (auto clip : clips.getAsRange<npu::ClipAttr>())
        if (clip.getReg() >= 0)
          effects.registersRead.push_back(clip.getReg());
  } else if (auto matmul = dyn_cast<npu::MatmulOp>(op)) {
    effects.reads = {matmul.getA(), matmul.getB()};
    if (matmul.getC())
      effects.reads.push_back(matmul.getC());
    effects.writes = {matmul.getD()};
  } else if (auto vector = dyn_cast<npu::VectorOp>(op)) {
    llvm::append_range(effects.reads, vector.getInputs());
    llvm::append_range(effects.writes, vector.getOutputs());
  } else if (auto load = dyn_cast<npu::LoadScalarOp>(op)) {
    effects.reads = {load.getSource()};
    effects.registerWritten = static_cast<int64_t>(load.getReg());
  }
  return effects;
}

void synchronize(npu::ProgramOp program) {
  struct Command {
    Operation *op;
    int queue;
    SmallVector<Position, 4> needs; // by queue: the position that must be done
    bool signalled = false;
  };
  std::vector<Command> commands;
  llvm::MapVector<Attribute, int> queues;
  for (Operation &op : *program.getBody().begin())
    if (auto queue = op.getAttrOfType<npu::QueueAttr>("queue"))
      commands.push_back({&op, queues.insert({queue, static_cast<int>(queues.size())}).first->second, {}});
  size_t queueCount = queues.size();

  // Spaces: scratchpad and shared SRAM by unit, one for each DRAM region, one for the registers.
  std::map<std::pair<int, int64_t>, Space> srams;
  llvm::DenseMap<Value, Space> regions;
  Space registers;
  std::vector<std::vector<size_t>> byQueue(queueCount); // command numbers, by position - 1
  for (size_t number = 0; number < commands.size(); ++number) {
    Command &command = commands[number];
    command.needs.assign(queueCount, 0);
    byQueue[command.queue].push_back(number);
    auto position = static_cast<Position>(byQueue[command.queue].size());
    auto touch = [&](Value memory, bool write) {
      if (auto buffer = memory.getDefiningOp<npu::BufferOp>()) {
        auto begin = static_cast<int64_t>(*buffer.getOffset());
        Space &space = srams[{static_cast<int>(buffer.getSpace()), buffer.getUnit()}];
        space.touch(begin, begin + static_cast<int64_t>(buffer.getBytes()), write, command.queue, position,
                    command.needs);
      } else {
        regions[memory].touch(0, 1, write, command.queue, position, command.needs);
      }
    };
    Effects effects = effectsOf(command.op);
    for (int64_t number : effects.registersRead)
      registers.touch(number, number + 1, false, command.queue, position, command.needs);
    for (Value memory : effects.reads)
      touch(memory, false);
    for (Value memory : effects.writes)
      touch(memory, true);
    if (effects.registerWritten >= 0)
      registers.touch(effects.registerWritten, effects.registerWritten + 1, true, command.queue, position,
                      command.needs);
    command.needs[command.queue] = 0; // A queue's own order needs no wait.
  }

  // Keep only the waits that an earlier wait of the same queue does not imply, and mark what they wait for.
  std::vector<SmallVector<Position, 4>> waited(queueCount, SmallVector<Position, 4>(queueCount, 0));
  for (Command &command : commands)
    for (size_t other = 0; other < queueCount; ++other) {
      Position &need = command.needs[other];
      if (need <= waited[command.queue][other]) {
        need = 0;
        continue;
      }
      waited[command.queue][other] = need;
      commands[byQueue[other][need - 1]].signalled = true;
    }

  // A semaphore's value after a position is the number of signalled commands up to it.
  std::vector<std::vector<int64_t>> values(queueCount);
  for (size_t queue = 0; queue < queueCount; ++queue) {
    int64_t value = 0;
    for (size_t number : byQueue[queue])
      values[queue].push_back(value += commands[number].signalled);
  }
  OpBuilder builder(program.getContext());
  for (Command &command : commands) {
    auto queue = command.op->getAttrOfType<npu::QueueAttr>("queue");
    builder.setInsertionPoint(command.op);
    for (size_t other = 0; other < queueCount; ++other)
      if (Position need = command.needs[other])
        npu::WaitOp::create(builder, command.op->getLoc(), queue, static_cast<int64_t>(other), values[other][need - 1]);
    builder.setInsertionPointAfter(command.op);
    if (command.signalled)
      npu::SignalOp::create(builder, command.op->getLoc(), queue, static_cast<int64_t>(command.queue));
  }
  program.setSemaphores(static_cast<int64_t>(queueCount));
}

} // namespace rblnc::plan
