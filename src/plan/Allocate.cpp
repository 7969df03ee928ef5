// Memory planning: each buffer gets an address for the time between its first and its last use, in the scratchpad if
// there is room, else in shared SRAM, else in DRAM.
#include "Passes.h"

#include "rblnc/triton/Location.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/MathExtras.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

using namespace mlir;

namespace rblnc::plan {

/// How many loads of a queue may be under way before the first of their results is used.
static constexpr size_t loadsAhead = 2;

namespace {
struct Range {
  npu::BufferOp buffer;
  size_t first = SIZE_MAX, last = 0; // commands, both inclusive
  /// For what a load fills: where the load may start early, before `first`; and where it may when it need not wait for
  /// anything of the branch before, for outside of a branch that ends as a whole.
  size_t early = SIZE_MAX, earlyInBranch = SIZE_MAX;
  int64_t engine = 0;
  int64_t bytes = 0, offset = 0;
  bool isShared = false; ///< among the engines: not for a scratchpad

  bool meets(const Range &other) const { return first <= other.last && other.first <= last; }
};
/// A memory and what lies in it, by offset.
struct Memory {
  npu::Space space;
  int64_t bytes;
  std::vector<const Range *> placed;
};

/// Places a buffer at the lowest address that is free for its whole life, if there is room.
bool place(Range &range, Memory &memory) {
  int64_t offset = 0;
  for (const Range *other : memory.placed) {
    if (!range.meets(*other))
      continue;
    if (offset + range.bytes <= other->offset)
      break;
    offset = std::max(offset, other->offset + other->bytes);
  }
  if (range.bytes > memory.bytes || offset > memory.bytes - range.bytes)
    return false;
  range.offset = offset;
  range.buffer.setOffset(offset);
  range.buffer.setSpace(memory.space);
  range.buffer.setUnit(memory.space == npu::Space::Scratchpad ? range.engine : 0); // there is one of the others
  memory.placed.insert(
      llvm::upper_bound(memory.placed, &range, [](const Range *a, const Range *b) { return a->offset < b->offset; }),
      &range);
  return true;
}

} // namespace

static Memory &scratchpadOf(const Range &range, std::map<int64_t, Memory> &scratchpads, const Target &target) {
  return scratchpads.try_emplace(range.engine, Memory{npu::Space::Scratchpad, target.scratchpadBytes, {}})
      .first->second;
}

/// Places every buffer in its scratchpad, with what a load fills free when the load may start early; false when there
/// is not room for that.
static bool placeEarly(std::vector<Range> ranges, ArrayRef<size_t> order, const Target &target, bool acrossBranches) {
  std::map<int64_t, Memory> scratchpads;
  Memory shared{npu::Space::Shared, target.sharedBytes, {}};
  for (size_t index : order) {
    Range &range = ranges[index];
    range.first = std::min(range.first, acrossBranches ? std::min(range.early, range.earlyInBranch) : range.early);
    if (!place(range, range.isShared ? shared : scratchpadOf(range, scratchpads, target)))
      return false;
  }
  return true;
}

/// What is live at the command where most bytes are live, as notes with sizes and Python lines.
static void reportPeak(npu::ProgramOp program, ArrayRef<Range> ranges, const Target &target, Diagnostics &diagnostics) {
  size_t commands = 0;
  for (const Range &range : ranges)
    commands = std::max(commands, range.last + 1);
  std::vector<int64_t> change(commands + 1, 0);
  for (const Range &range : ranges) {
    change[range.first] += range.bytes;
    change[range.last + 1] -= range.bytes;
  }
  int64_t live = 0, peak = 0;
  size_t peakAt = 0;
  for (size_t at = 0; at < commands; ++at)
    if ((live += change[at]) > peak) {
      peak = live;
      peakAt = at;
    }
  SmallVector<const Range *> alive;
  for (const Range &range : ranges)
    if (range.first <= peakAt && peakAt <= range.last)
      alive.push_back(&range);
  llvm::stable_sort(alive, [](const Range *a, const Range *b) { return a->bytes > b->bytes; });

  Diagnostic diagnostic;
  diagnostic.code = Code::P001;
  diagnostic.message =
      fmt::format("kernel '{}' needs {} bytes of memory for its values at once, which do not fit the memories of {}",
                  program.getSymName().str(), peak, target.name);
  diagnostic.frames = framesOf(alive.empty() ? program.getLoc() : npu::BufferOp(alive.front()->buffer).getLoc());
  diagnostic.fix = "use smaller blocks: load and compute the tensors below in parts, with tl.static_range";
  constexpr size_t kMostNotes = 12;
  for (const Range *range : ArrayRef(alive).take_front(kMostNotes)) {
    npu::BufferOp buffer = range->buffer;
    std::string name = buffer.getName().empty() ? "buffer" : "'" + buffer.getName().str() + "'";
    diagnostic.notes.push_back(
        {fmt::format("{} is live here with {} bytes", name, range->bytes), framesOf(buffer.getLoc())});
  }
  if (alive.size() > kMostNotes)
    diagnostic.notes.push_back({fmt::format("and {} smaller buffers", alive.size() - kMostNotes), {}});
  diagnostics.report(std::move(diagnostic));
}

LogicalResult allocate(npu::ProgramOp program, const Target &target, Diagnostics &diagnostics) {
  std::vector<Range> ranges;
  llvm::DenseMap<Value, size_t> rangeOf;
  llvm::DenseMap<Attribute, SmallVector<size_t, 2>> loads; // the last commands of each queue that loads
  // Where the branch begins that the walk is in, the last one with a load, and the one with a load before that.
  size_t branch = SIZE_MAX, loading = SIZE_MAX, loadingBefore = SIZE_MAX;
  size_t command = 0;
  for (Operation &op : *program.getBody().begin()) {
    if (isa<npu::BranchOp, npu::JoinOp>(op))
      branch = isa<npu::BranchOp>(op) ? command : SIZE_MAX;
    if (auto buffer = dyn_cast<npu::BufferOp>(op)) {
      rangeOf[buffer.getResult()] = ranges.size();
      ranges.push_back({buffer});
      ranges.back().engine = static_cast<int64_t>(buffer.getUnit());
      ranges.back().isShared = buffer.getSpace() == npu::Space::Shared;
      ranges.back().bytes = llvm::alignTo(std::max<uint64_t>(1, buffer.getBytes()), target.alignmentBytes);
      continue;
    }
    for (Value operand : op.getOperands())
      if (auto found = rangeOf.find(operand); found != rangeOf.end()) {
        Range &range = ranges[found->second];
        range.first = std::min(range.first, command);
        range.last = std::max(range.last, command);
      }
    if (auto load = dyn_cast<npu::DmaOp>(op); load && load.getQueue().getUnit() == npu::Unit::NeuralDma) {
      // While one load's result is used, the queue goes on with the next ones if their buffers are free by then.
      SmallVector<size_t, 2> &earlier = loads[load.getQueue()];
      if (auto found = rangeOf.find(load.getDestination()); found != rangeOf.end())
        if (Range &range = ranges[found->second]; range.first == command) {
          range.early = earlier.size() < loadsAhead ? 0 : earlier[earlier.size() - loadsAhead];
          if (branch != SIZE_MAX && branch != loading)
            loadingBefore = std::exchange(loading, branch);
          if (branch != SIZE_MAX)
            range.earlyInBranch = loadingBefore;
        }
      earlier.push_back(command);
    }
    ++command;
  }
  llvm::erase_if(ranges, [](const Range &range) {
    if (range.first != SIZE_MAX)
      return false;
    Operation *unused = range.buffer;
    unused->erase();
    return true;
  });

  // Largest first, each at the lowest address that is free for its whole life, in the nearest memory that has room.
  std::vector<size_t> order(ranges.size());
  for (size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  llvm::stable_sort(order, [&](size_t a, size_t b) { return ranges[a].bytes > ranges[b].bytes; });
  for (bool acrossBranches : {true, false})
    if (placeEarly(ranges, order, target, acrossBranches))
      return success();
  std::map<int64_t, Memory> scratchpads; // by engine
  Memory shared{npu::Space::Shared, target.sharedBytes, {}}, dram{npu::Space::Dram, target.dramBytes, {}};
  for (size_t index : order) {
    Range &range = ranges[index];
    bool isPlaced = !range.isShared && place(range, scratchpadOf(range, scratchpads, target));
    if (!isPlaced && !place(range, shared) && !place(range, dram)) {
      reportPeak(program, ranges, target, diagnostics);
      return failure();
    }
  }
  return success();
}

} // namespace rblnc::plan
