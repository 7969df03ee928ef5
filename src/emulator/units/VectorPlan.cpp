// The last third of decoding a vector program: the order of its steps, and the places of its cells.
#include "VectorPlan.h"

#include "VectorBlocks.h"
#include "VectorDecode.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace rblnc::emulator {
namespace {

size_t aligned(size_t bytes) { return (bytes + 63) / 64 * 64; }

class Planner {
public:
  Planner(const bundle::Vector &vector) : analysis(vector) {}

  VectorCommand plan() {
    command.shape = analysis.shape;
    if (countOf(analysis.shape) == 0)
      return std::move(command); // its rows are 0
    indexOfValue = layOut(analysis, command);
    command.phases.resize(analysis.phases);
    addScalarInputs();
    for (uint32_t phase = 0; phase < analysis.phases; ++phase)
      planPhase(phase);
    addScalarOutputs();
    placeCells();
    return std::move(command);
  }

private:
  struct Life {
    uint32_t first = ~0u, last = 0;
    bool isPinned = false;
  };

  // ---- Cells -------------------------------------------------------------------------------------------------------

  Cell newCell(Storage storage, bool isRow) {
    command.cells.push_back({storage, isRow});
    lives.emplace_back();
    return static_cast<Cell>(command.cells.size() - 1);
  }

  void touch(Cell cell) {
    lives[cell].first = std::min(lives[cell].first, position);
    lives[cell].last = std::max(lives[cell].last, position);
  }

  Storage storageOfValue(uint32_t value) const { return storageOf(analysis.values[value].dtype); }

  /// The cell with one element a row of a value that is no row value.
  Cell scalarCell(uint32_t value) {
    auto [it, isNew] = scalarCells.try_emplace(value, noCell);
    if (isNew) {
      it->second = newCell(storageOfValue(value), false);
      if (analysis.values[value].kind == Value::Constant)
        addConstant(it->second, value);
    }
    touch(it->second);
    return it->second;
  }

  void addConstant(Cell cell, uint32_t value) {
    lives[cell].isPinned = true;
    command.constants.push_back(
        {cell, storageOfValue(value), analysis.values[value].dtype, analysis.values[value].instruction.imm()});
  }

  /// The cell with one element for each element of the block, for use in a phase.
  Cell rowCell(uint32_t v, uint32_t phase) {
    const Value &value = analysis.values[v];
    bool isKept = command.isOneBlockLong() || value.kind == Value::Compute;
    // Loads and indices are done again in each phase when blocks do not stay; expansions always are.
    bool isPerPhase = !value.isRow ? value.kind != Value::Constant : !isKept;
    auto [it, isNew] = rowCells.try_emplace({v, isPerPhase ? phase : 0}, noCell);
    if (isNew) {
      it->second = newCell(storageOf(value.dtype), true);
      Phase &current = command.phases[phase];
      if (value.kind == Value::Constant) {
        addConstant(it->second, v);
      } else if (!value.isRow) {
        // Expansions may be repeated within the phase, so both cells live until its end.
        Cell scalar = scalarCell(v);
        current.expansions.push_back({scalar, it->second, storageOf(value.dtype)});
        phaseLong.push_back(scalar);
        phaseLong.push_back(it->second);
      } else if (value.kind == Value::Input) {
        current.block.push_back({BlockStep::Load, value.number, it->second, {}});
      } else if (value.kind == Value::Index) {
        current.block.push_back({BlockStep::Index, indexOfValue[v], it->second, {}});
      }
    }
    if (value.isRow && value.kind == Value::Compute && value.phase < phase && !command.isOneBlockLong())
      command.cells[it->second].isSpilled = true;
    touch(it->second);
    return it->second;
  }

  // ---- Steps -------------------------------------------------------------------------------------------------------

  template <typename CellOf> FlatStep makeStep(uint32_t v, CellOf cellOf) {
    const Value &value = analysis.values[v];
    auto operands = value.operands();
    auto dtypeOf = [&](size_t i) { return i < operands.size() ? analysis.values[operands[i]].dtype : DType::i32; };
    FlatStep step = flatStep(value.instruction, dtypeOf(0), dtypeOf(1));
    Cell *cells[] = {&step.a, &step.b, &step.c};
    for (size_t i = 0; i < operands.size(); ++i)
      *cells[i] = cellOf(operands[i]);
    step.dst = cellOf(v);
    return step;
  }

  void addScalarInputs() {
    for (uint32_t v = 0; v < analysis.values.size(); ++v) {
      const Value &value = analysis.values[v];
      if (!value.isLive || value.isRow)
        continue;
      if (value.kind == Value::Input)
        command.scalarLoads.push_back({value.number, scalarCell(v)});
      else if (value.kind == Value::Index)
        command.scalarIndices.push_back({indexOfValue[v], scalarCell(v)});
    }
    ++position;
  }

  void planPhase(uint32_t phase) {
    Phase &current = command.phases[phase];
    for (uint32_t v = 0; v < analysis.values.size(); ++v) {
      const Value &value = analysis.values[v];
      if (!value.isLive || value.isRow || value.kind != Value::Compute || value.phase != phase)
        continue;
      current.scalarSteps.push_back(makeStep(v, [&](uint32_t operand) { return scalarCell(operand); }));
      ++position;
    }
    uint32_t start = position;
    for (uint32_t v = 0; v < analysis.values.size(); ++v) {
      const Value &value = analysis.values[v];
      if (value.isLive && value.isRow && value.kind == Value::Compute && value.phase == phase) {
        BlockStep step{BlockStep::Compute, 0, noCell,
                       makeStep(v, [&](uint32_t operand) { return rowCell(operand, phase); })};
        current.block.push_back(step);
        ++position;
      }
    }
    for (uint32_t r = 0; r < analysis.reductions.size(); ++r)
      if (const ReductionInfo &info = analysis.reductions[r]; info.phase == phase && isLive(info))
        addReduction(current, info, phase);
    if (phase + 1 == analysis.phases)
      addRowOutputs(current, phase);
    for (Cell cell : phaseLong) {
      lives[cell].first = std::min(lives[cell].first, start);
      touch(cell);
    }
    phaseLong.clear();
    ++position;
    // The results come into being when the phase ends.
    for (uint32_t number : current.reductions)
      for (Cell cell : command.reductions[number].results)
        touch(cell);
    ++position;
  }

  bool isLive(const ReductionInfo &info) const {
    for (size_t i = 0; i < info.operands.size(); ++i)
      if (analysis.values[info.firstResult + i].isLive)
        return true;
    return false;
  }

  void addReduction(Phase &current, const ReductionInfo &info, uint32_t phase) {
    Reduce reduce;
    const bundle::Reduction &source = *info.source;
    for (uint32_t operand : info.operands) {
      reduce.operands.push_back(rowCell(operand, phase));
      reduce.storages.push_back(storageOfValue(operand));
    }
    DType dtype = analysis.values[info.operands[0]].dtype;
    reduce.isSimple = source.simple();
    if (reduce.isSimple) {
      reduce.kernels = kernels().reduce[static_cast<size_t>(source.op())][static_cast<size_t>(storageOf(dtype))];
      reduce.rounding = isExact(source.op()) ? Rounding::None : roundingOf(dtype);
    } else {
      reduce.combiner = makeCombiner(source, info);
    }
    auto number = static_cast<uint32_t>(command.reductions.size());
    current.block.push_back({BlockStep::Accumulate, number, noCell, {}});
    current.reductions.push_back(number);
    ++position;
    for (uint32_t i = 0; i < info.operands.size(); ++i) {
      Cell cell = newCell(reduce.storages[i], false);
      scalarCells[info.firstResult + i] = cell;
      reduce.results.push_back(cell);
    }
    command.reductions.push_back(std::move(reduce));
  }

  FlatProgram makeCombiner(const bundle::Reduction &source, const ReductionInfo &info) {
    FlatProgram program;
    std::vector<DType> dtypes;
    for (int side = 0; side < 2; ++side)
      for (uint32_t operand : info.operands)
        dtypes.push_back(analysis.values[operand].dtype);
    if (source.combiner())
      for (const bundle::Instruction *instruction : *source.combiner()) {
        Value value{.kind = Value::Compute, .dtype = instruction->dtype(), .instruction = *instruction};
        if (instruction->op() == Op::constant)
          value.kind = Value::Constant;
        auto operands = value.operands();
        auto dtypeOf = [&](size_t i) { return i < operands.size() ? dtypes[operands[i]] : DType::i32; };
        auto local = static_cast<Cell>(dtypes.size());
        dtypes.push_back(value.dtype);
        if (value.kind == Value::Constant) {
          Cell cell = newCell(storageOf(value.dtype), true);
          lives[cell].isPinned = true;
          command.constants.push_back({cell, storageOf(value.dtype), value.dtype, instruction->imm()});
          program.constants.push_back({local, cell});
          continue;
        }
        FlatStep step = flatStep(*instruction, dtypeOf(0), dtypeOf(1));
        Cell *cells[] = {&step.a, &step.b, &step.c};
        for (size_t i = 0; i < operands.size(); ++i)
          *cells[i] = operands[i];
        step.dst = local;
        program.steps.push_back(step);
      }
    for (int32_t yield : *source.yields())
      program.yields.push_back(static_cast<Cell>(yield));
    for (DType dtype : dtypes)
      program.cells.push_back(storageOf(dtype));
    return program;
  }

  bool isRowOutput(uint32_t output) const {
    return analysis.values[analysis.outputValues[output]].isRow || analysis.isRowAccess(analysis.outputs[output]);
  }

  /// Stores are the last thing that happens to a block, so an input that shares an output's access has been read.
  void addRowOutputs(Phase &current, uint32_t phase) {
    std::vector<BlockStep> stores;
    for (uint32_t i = 0; i < analysis.outputs.size(); ++i)
      if (isRowOutput(i))
        stores.push_back({BlockStep::Store, i, rowCell(analysis.outputValues[i], phase), {}});
    ++position;
    for (const BlockStep &store : stores) {
      current.block.push_back(store);
      touch(store.cell);
    }
    ++position;
  }

  void addScalarOutputs() {
    for (uint32_t i = 0; i < analysis.outputs.size(); ++i)
      if (!isRowOutput(i))
        command.scalarStores.push_back({i, scalarCell(analysis.outputValues[i])});
  }

  // ---- Places ------------------------------------------------------------------------------------------------------

  size_t bytesOfCell(const CellInfo &cell) const {
    size_t elements = cell.isRow ? command.blockElements() : static_cast<size_t>(command.blockRows);
    size_t bytes = aligned(elements * bytesOf(cell.storage));
    // Arrays a multiple of 4 KiB apart would make loads wait for unrelated stores on many hosts.
    return cell.isSpilled ? bytes * command.blocksPerRow() + 192 : bytes + 192;
  }

  void placeCells() {
    std::vector<Cell> order;
    for (Cell cell = 0; cell < command.cells.size(); ++cell)
      order.push_back(cell);
    std::sort(order.begin(), order.end(),
              [&](Cell a, Cell b) { return std::tie(lives[a].first, a) < std::tie(lives[b].first, b); });
    // Cells that are in use, by when they end; places that are free, by their size.
    std::multimap<uint32_t, Cell> busy;
    std::multimap<size_t, size_t> free;
    for (Cell cell : order) {
      CellInfo &info = command.cells[cell];
      while (!busy.empty() && busy.begin()->first < lives[cell].first) {
        const CellInfo &done = command.cells[busy.begin()->second];
        free.emplace(bytesOfCell(done), done.offset);
        busy.erase(busy.begin());
      }
      size_t bytes = bytesOfCell(info);
      bool isReusable = !lives[cell].isPinned && !info.isSpilled;
      if (auto place = free.find(bytes); isReusable && place != free.end()) {
        info.offset = place->second;
        free.erase(place);
      } else {
        info.offset = command.arenaBytes;
        command.arenaBytes += bytes;
      }
      if (isReusable)
        busy.emplace(lives[cell].last, cell);
    }
  }

  Analysis analysis;
  VectorCommand command;
  std::vector<uint32_t> indexOfValue;
  uint32_t position = 0;
  std::vector<Life> lives;
  std::vector<Cell> phaseLong;
  std::map<uint32_t, Cell> scalarCells;
  std::map<std::pair<uint32_t, uint32_t>, Cell> rowCells;
};

} // namespace

uint64_t VectorCommand::scalarOperations() const {
  uint64_t perRow = 0, perElement = 0;
  for (const Phase &phase : phases) {
    perRow += phase.scalarSteps.size();
    for (const BlockStep &step : phase.block)
      perElement += step.kind == BlockStep::Compute;
  }
  for (const Reduce &reduce : reductions)
    perElement += reduce.isSimple ? 1 : reduce.combiner.steps.size();
  return static_cast<uint64_t>(rows) * (perRow + static_cast<uint64_t>(length) * perElement);
}

VectorCommand decode(const bundle::Vector &vector) { return Planner(vector).plan(); }

} // namespace rblnc::emulator
