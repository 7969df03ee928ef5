// Executes vector programs, block by block.
#include "VectorPlan.h"
#include "VectorReduce.h"
#include "VectorTransfer.h"

#include "rblnc/support/Watch.h"

#include <algorithm>

namespace rblnc::emulator {

namespace {

class Execution {
public:
  Execution(const VectorCommand &command, const Context &context)
      : command(command), context(context), kernels(context.kernels) {
    // The scratch array serves row steps and scalar steps; a block has at least as many elements as rows.
    arena = context.arena.take(command.arenaBytes + command.blockElements() * 8);
    scratch = arena + command.arenaBytes;
    for (Cell cell = 0; cell < command.cells.size(); ++cell) {
      homes.push_back(arena + command.cells[cell].offset);
      if (command.cells[cell].isSpilled)
        spilled.push_back(cell);
    }
    cells = homes;
    for (const Reduce &reduce : command.reductions)
      reducers.emplace_back(command, reduce);
  }

  Outcome run() {
    if (!resolveAll(command.inputs, inputBases, inputWalks) || !resolveAll(command.outputs, outputBases, outputWalks))
      return {.isOutOfRange = true};
    for (const VectorCommand::Index &index : command.indices)
      indexWalks.emplace_back(command, index.walk);
    fillConstants();
    for (int64_t row = 0; row < command.rows; row += command.blockRows) {
      isStopped = isStopped || wasStopped();
      if (isStopped)
        return {.wasStopped = true};
      *context.part = static_cast<double>(row) / static_cast<double>(command.rows);
      runRows(std::min(command.rows - row, command.blockRows));
    }
    for (const Reducer &reducer : reducers)
      zeroDivisors += reducer.zeroDivisors;
    return {.wasStopped = isStopped, .zeroDivisors = zeroDivisors};
  }

private:
  bool resolveAll(llvm::ArrayRef<Operand> operands, std::vector<uint8_t *> &bases, std::vector<BlockWalk> &walks) {
    for (const Operand &operand : operands) {
      uint8_t *base = resolve(operand.access, command.shape, context.memories, context.registers);
      if (!base)
        return false;
      bases.push_back(base);
      walks.emplace_back(command, operand.walk);
    }
    return true;
  }

  void fillConstants() {
    for (const ConstantCell &constant : command.constants) {
      auto storage = static_cast<size_t>(constant.storage);
      uint8_t value[8] = {}, held[8] = {};
      for (size_t i = 0; i < sizeof value; ++i)
        value[i] = static_cast<uint8_t>(constant.bits >> (8 * i));
      kernels.load[static_cast<size_t>(constant.dtype)](held, value, 0, 1);
      if (constant.dtype == DType::f32 && context.roundF32)
        context.roundF32(reinterpret_cast<float *>(held), 1);
      size_t n = command.cells[constant.cell].isRow ? command.blockElements() : static_cast<size_t>(command.blockRows);
      kernels.splat[storage](cells[constant.cell], held, n);
    }
  }

  void runRows(int64_t rows) {
    for (auto *walks : {&inputWalks, &outputWalks, &indexWalks})
      for (BlockWalk &walk : *walks)
        walk.startRows(rows);
    for (const VectorCommand::ScalarMove &load : command.scalarLoads) {
      DType dtype = command.inputs[load.number].access.dtype;
      loadScalars(kernels, dtype, inputBases[load.number], inputWalks[load.number], cells[load.cell]);
      roundLoaded(dtype, cells[load.cell], static_cast<size_t>(rows));
    }
    for (const VectorCommand::ScalarMove &index : command.scalarIndices)
      indexScalars(command.indices[index.number].storage, indexWalks[index.number], cells[index.cell]);
    for (const Phase &phase : command.phases) {
      runPhase(phase, rows);
      if (isStopped)
        return;
    }
    for (const VectorCommand::ScalarMove &store : command.scalarStores)
      storeScalars(kernels, command.outputs[store.number].access.dtype, outputBases[store.number],
                   outputWalks[store.number], cells[store.cell]);
  }

  void runPhase(const Phase &phase, int64_t rows) {
    zeroDivisors += runFlat(context, phase.scalarSteps, cells, static_cast<size_t>(rows), scratch);
    int64_t expandedLength = -1;
    for (int64_t first = 0, block = 0; first < command.length && !phase.block.empty();
         first += command.blockLength, ++block) {
      if (block % 64 == 63 && wasStopped()) {
        isStopped = true;
        return;
      }
      int64_t n = std::min(command.length - first, command.blockLength);
      // A shorter last block changes where rows begin in a cell, unless there is one row, or rows are columns.
      bool isStale = expandedLength < 0 || (expandedLength != n && rows > 1 && !command.isColumns);
      if (isStale) {
        expand(phase, static_cast<size_t>(rows), static_cast<size_t>(n));
        expandedLength = n;
      }
      for (Cell cell : spilled)
        cells[cell] =
            homes[cell] + static_cast<size_t>(block) * command.blockElements() * bytesOf(command.cells[cell].storage);
      for (const BlockStep &step : phase.block)
        runStep(step, rows, first, n);
    }
    for (uint32_t number : phase.reductions)
      reducers[number].finish(context, cells, static_cast<size_t>(rows));
  }

  void expand(const Phase &phase, size_t rows, size_t n) {
    for (const Expansion &expansion : phase.expansions) {
      auto storage = static_cast<size_t>(expansion.storage);
      auto &table = command.isColumns ? kernels.repeatColumns : kernels.repeatRows;
      table[storage](cells[expansion.row], cells[expansion.scalar], rows, n);
    }
  }

  void runStep(const BlockStep &step, int64_t rows, int64_t first, int64_t n) {
    auto elements = static_cast<size_t>(rows * n);
    switch (step.kind) {
    case BlockStep::Load: {
      const Operand &input = command.inputs[step.number];
      BlockWalk &walk = inputWalks[step.number];
      walk.startElements(first, n);
      cells[step.cell] = homes[step.cell];
      bool isRounded = input.access.dtype == DType::f32 && context.roundF32;
      uint8_t **inPlace = input.canBeReadInPlace && !isRounded ? &cells[step.cell] : nullptr;
      loadBlock(kernels, input.access.dtype, command.isColumns, inputBases[step.number], walk, homes[step.cell],
                inPlace);
      roundLoaded(input.access.dtype, cells[step.cell], elements);
      return;
    }
    case BlockStep::Index: {
      BlockWalk &walk = indexWalks[step.number];
      walk.startElements(first, n);
      indexBlock(command.indices[step.number].storage, command.isColumns, walk, cells[step.cell]);
      return;
    }
    case BlockStep::Compute:
      zeroDivisors += runFlat(context, step.compute, cells, elements, scratch);
      return;
    case BlockStep::Accumulate:
      reducers[step.number].accumulate(context, cells, static_cast<size_t>(rows), static_cast<size_t>(n), first == 0);
      return;
    case BlockStep::Store: {
      BlockWalk &walk = outputWalks[step.number];
      walk.startElements(first, n);
      storeBlock(kernels, command.outputs[step.number].access.dtype, command.isColumns, outputBases[step.number], walk,
                 cells[step.cell]);
      return;
    }
    }
  }

  /// Under device numerics whatever reads f32 gets a value of the chip's own type.
  void roundLoaded(DType dtype, uint8_t *cell, size_t n) {
    if (dtype == DType::f32)
      roundCell(context, Rounding::F32, cell, n);
  }

  const VectorCommand &command;
  const Context &context;
  const KernelTable &kernels;
  uint8_t *arena = nullptr, *scratch = nullptr;
  std::vector<uint8_t *> homes, cells;
  std::vector<Cell> spilled;
  std::vector<Reducer> reducers;
  std::vector<uint8_t *> inputBases, outputBases;
  std::vector<BlockWalk> inputWalks, outputWalks, indexWalks;
  uint64_t zeroDivisors = 0;
  bool isStopped = false;
};

} // namespace

Outcome VectorCommand::execute(const Context &context) const {
  if (rows == 0 || length == 0)
    return {};
  return Execution(*this, context).run();
}

} // namespace rblnc::emulator
