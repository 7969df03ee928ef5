// Memory planning: each buffer gets an address for the time between its first and its last use, in the scratchpad if
// there is room, else in shared SRAM, else in DRAM.
#include "Allocate.h"
#include "Pack.h"
#include "PeakReport.h"
#include "analysis/Hazards.h"
#include "analysis/Transfer.h"
#include "rblnc/support/Watch.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <array>
#include <map>

using namespace mlir;

namespace rblnc::plan {

namespace {

/// How many loads of a queue may be under way before the first of their results is used: in a scratchpad, where every
/// buffer takes room from what is computed, and in shared SRAM, which many engines read, one later than the other.
constexpr size_t loadsAhead = 8, sharedLoadsAhead = 16;
/// How many commands of an engine may begin while what is stored of it is still on its way.
constexpr size_t commandsBehind = 2;

/// Where the buffer of a load may be free already so that the load need not wait.
struct Early {
  std::array<size_t, sharedLoadsAhead + 1> loads; ///< by how many loads are ahead of it
  /// For the load of a branch: so that it need not wait for anything of the branch before. For outside of a branch,
  /// that one ends as a whole.
  size_t branch;

  /// `level` loads ahead, or, one level beyond `most`, across branches.
  size_t at(size_t level, size_t most) const { return level <= most ? loads[level] : std::min(loads[most], branch); }
};
/// Where a stored buffer may be held up to, so that nobody has to wait for the store, by how many commands go on.
using Late = std::array<size_t, commandsBehind + 1>;

/// Buffers that are packed into one memory: their ranges, and which of all buffers they are.
struct Share {
  std::vector<LiveRange> ranges;
  std::vector<size_t> numbers;
};

class Allocator {
public:
  Allocator(npu::ProgramOp program, const Target &target) : target(target) { collect(program); }

  /// Gives every buffer a place, and returns whether all have one.
  bool run() {
    std::map<uint64_t, Share> scratchpads;
    Share outside;
    for (size_t number = 0; number < buffers.size(); ++number)
      add(buffers[number].getSpace() == npu::Space::Scratchpad ? scratchpads[buffers[number].getUnit()] : outside,
          number);
    for (auto &[engine, share] : scratchpads) {
      pack(share, target.scratchpadBytes, loadsAhead);
      place(share, npu::Space::Scratchpad, outside);
    }
    for (auto [space, bytes] :
         {std::pair(npu::Space::Shared, target.sharedBytes), std::pair(npu::Space::Dram, target.dramBytes)}) {
      Share share = std::exchange(outside, {});
      pack(share, bytes, sharedLoadsAhead);
      place(share, space, outside);
    }
    return outside.ranges.empty();
  }

  std::vector<npu::BufferOp> buffers;
  std::vector<LiveRange> ranges;
  /// Of the buffers that were to lie in a scratchpad and do not.
  int64_t spilledBytes = 0;

private:
  void collect(npu::ProgramOp program);
  void add(npu::BufferOp buffer);

  void add(Share &share, size_t number) const {
    share.ranges.push_back(ranges[number]);
    share.numbers.push_back(number);
  }

  std::vector<size_t> earlyOf(const Share &share, size_t ahead, size_t most) const {
    std::vector<size_t> result;
    for (size_t number : share.numbers)
      result.push_back(early[number].at(ahead, most));
    return result;
  }

  /// With every load as far ahead as all of them can be, and then each as far as there is room: up to `most` loads, and
  /// across branches. What does not fit is left out.
  void pack(Share &share, int64_t capacity, size_t most) const {
    size_t ahead = most + 1;
    for (;; --ahead) {
      if (wasStopped())
        return;
      std::vector<LiveRange> trial = share.ranges;
      for (auto [range, first, number] : llvm::zip(trial, earlyOf(share, ahead, most), share.numbers)) {
        range.first = first;
        range.last = late[number][std::min(ahead, commandsBehind)];
      }
      if (packAll(trial, capacity)) {
        share.ranges = std::move(trial);
        break;
      }
      if (ahead == 0) {
        packSome(share.ranges, capacity);
        break;
      }
    }
    while (ahead++ <= most && !wasStopped())
      extend(share.ranges, earlyOf(share, ahead, most), capacity);
  }

  /// Tells the buffers where they are; those without a place go to `outside`.
  void place(const Share &share, npu::Space space, Share &outside) {
    for (auto [number, range] : llvm::zip(share.numbers, share.ranges)) {
      if (range.offset == LiveRange::nowhere) {
        add(outside, number);
        continue;
      }
      npu::BufferOp buffer = buffers[number];
      buffer.setOffset(range.offset);
      if (buffer.getSpace() == npu::Space::Scratchpad && space != npu::Space::Scratchpad)
        spilledBytes += static_cast<int64_t>(buffer.getBytes());
      buffer.setSpace(space);
      if (space != npu::Space::Scratchpad)
        buffer.setUnit(0); // there is one of the others
    }
  }

  const Target &target;
  llvm::DenseMap<Value, size_t> numbers;
  std::vector<Early> early;
  std::vector<Late> late;
};

void Allocator::add(npu::BufferOp buffer) {
  numbers[buffer.getResult()] = ranges.size();
  buffers.push_back(buffer);
  LiveRange range;
  range.first = SIZE_MAX;
  range.bytes = static_cast<int64_t>(llvm::alignTo(std::max<uint64_t>(1, buffer.getBytes()), target.alignmentBytes));
  ranges.push_back(range);
  early.emplace_back();
  late.emplace_back();
}

void Allocator::collect(npu::ProgramOp program) {
  using LoadCommands = std::array<size_t, sharedLoadsAhead>;
  llvm::DenseMap<Attribute, LoadCommands> loads; // the last ones of each queue, the very last first
  // Where the branch begins that the walk is in, the last one with a load, and the one with a load before that.
  size_t branch = SIZE_MAX, loading = SIZE_MAX, loadingBefore = SIZE_MAX;
  std::map<int64_t, SmallVector<std::pair<size_t, size_t>>> stored; // by engine: a buffer, and commands since its store
  size_t command = 0;
  for (Operation &op : llvm::make_early_inc_range(program.getBody().front())) {
    if (wasStopped())
      return;
    if (auto buffer = dyn_cast<npu::BufferOp>(op)) {
      if (buffer->use_empty())
        buffer->erase();
      else
        add(buffer);
      continue;
    }
    if (isa<npu::BranchOp, npu::JoinOp>(op))
      branch = isa<npu::BranchOp>(op) ? command : SIZE_MAX;
    auto device = dyn_cast<npu::CommandInterface>(op);
    if (!device) {
      ++command;
      continue;
    }
    npu::QueueAttr queue = device.getQueue();
    // What fetches from arrays runs ahead, also in the queue that stores.
    bool runsAhead = isLoad(device);
    for (const Touch &touch : device.getTouches()) {
      auto found = numbers.find(touch.memory);
      if (found == numbers.end())
        continue;
      LiveRange &range = ranges[found->second];
      if (range.first == SIZE_MAX) {
        range.first = command;
        Early &starts = early[found->second];
        starts.loads.fill(command);
        starts.branch = command;
        // While one load's result is used, the queue goes on with the next ones if their buffers are free by then. The
        // first loads may begin with the program.
        if (runsAhead && touch.isWrite) {
          const LoadCommands &earlier = loads[queue];
          std::copy(earlier.begin(), earlier.end(), starts.loads.begin() + 1);
          if (branch != SIZE_MAX && branch != loading)
            loadingBefore = std::exchange(loading, branch);
          if (branch != SIZE_MAX)
            starts.branch = loadingBefore;
        }
      }
      range.last = command;
      late[found->second].fill(command);
      if (queue.getUnit() == npu::Unit::TaskDma && !touch.isWrite)
        stored[queue.getIndex()].push_back({found->second, 0});
      int64_t bytes = bytesTouched(touch, range.bytes);
      range.traffic += std::min(bytes, INT64_MAX - range.traffic);
    }
    if (queue.getUnit() == npu::Unit::NeuralEngine) {
      auto &waiting = stored[queue.getIndex()];
      for (auto &[number, behind] : waiting)
        late[number][++behind] = command;
      llvm::erase_if(waiting, [](auto &entry) { return entry.second == commandsBehind; });
    }
    if (runsAhead) {
      LoadCommands &earlier = loads[queue];
      std::copy_backward(earlier.begin(), earlier.end() - 1, earlier.end());
      earlier.front() = command;
    }
    ++command;
  }
}

} // namespace

FailureOr<int64_t> allocate(npu::ProgramOp program, const Target &target, Diagnostics &diagnostics) {
  Allocator allocator(program, target);
  if (allocator.run())
    return allocator.spilledBytes;
  if (wasStopped())
    return failure();
  reportPeak(program, allocator.buffers, allocator.ranges, target, diagnostics);
  return failure();
}

} // namespace rblnc::plan
