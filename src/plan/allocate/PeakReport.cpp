#include "PeakReport.h"

#include "analysis/Hazards.h"

#include "rblnc/ir/Elements.h"
#include "rblnc/support/RowLimit.h"
#include "rblnc/triton/Location.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <fmt/format.h>

#include <algorithm>

using namespace mlir;

namespace rblnc::plan {

/// Notes that are written out; the others are counted.
static constexpr size_t kMostNotes = 12;

/// The first command at which most bytes are live.
static size_t peakCommand(ArrayRef<LiveRange> ranges) {
  size_t commands = 0;
  for (const LiveRange &range : ranges)
    commands = std::max(commands, range.last + 1);
  std::vector<int64_t> change(commands + 1, 0);
  for (const LiveRange &range : ranges) {
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
  return peakAt;
}

static std::string nameOf(npu::BufferOp buffer) {
  return buffer.getName().empty() ? "buffer" : "'" + buffer.getName().str() + "'";
}

/// Whether rows that are `factor` times shorter are as long as a vector program's may be.
static bool rowsFit(npu::ProgramOp program, int64_t factor) {
  return llvm::all_of(program.getOps<npu::VectorOp>(), [&](npu::VectorOp vector) {
    Block &body = vector.getBody().front();
    if (body.getOps<npu::ReduceOp>().empty())
      return true;
    int64_t bytes = rowElementBytes * static_cast<int64_t>(vector.getInputs().size() + body.getOperations().size() - 1);
    for (int64_t extent : vector.getInner())
      if (llvm::MulOverflow(bytes, extent, bytes))
        return false;
    return bytes / factor <= maxRowBytes;
  });
}

/// The least power of two for which the program fits when all its blocks have that many times fewer elements; 0 when
/// none does. The largest memory is to hold everything, which is more than needed: the others hold values too.
static int64_t fittingFactor(npu::ProgramOp program, ArrayRef<LiveRange> ranges, const Target &target) {
  int64_t capacity = std::max({target.scratchpadBytes, target.sharedBytes, target.dramBytes});
  int64_t largest = 0;
  for (const LiveRange &range : ranges)
    largest = std::max(largest, range.bytes);
  for (int64_t factor = 2; factor <= largest; factor *= 2) {
    std::vector<LiveRange> smaller(ranges.begin(), ranges.end());
    for (LiveRange &range : smaller) {
      uint64_t bytes = llvm::divideCeil(static_cast<uint64_t>(range.bytes), static_cast<uint64_t>(factor));
      range.bytes = static_cast<int64_t>(llvm::alignTo(bytes, target.alignmentBytes));
      range.offset = LiveRange::nowhere;
    }
    if (packAll(smaller, capacity) && rowsFit(program, factor))
      return factor;
  }
  return 0;
}

/// The elements of a buffer, as the commands see it that touch it.
static int64_t elementsOf(npu::BufferOp buffer) {
  int64_t bytes = 1;
  for (Operation *user : buffer->getUsers())
    for (const Touch &touch : effectsOf(user).touches)
      if (touch.memory == buffer.getResult())
        bytes = std::max<int64_t>(bytes, rblnc::bytesOf(touch.access.getElement()));
  return static_cast<int64_t>(buffer.getBytes()) / bytes;
}

void reportPeak(npu::ProgramOp program, ArrayRef<npu::BufferOp> buffers, ArrayRef<LiveRange> ranges,
                const Target &target, Diagnostics &diagnostics) {
  size_t peakAt = peakCommand(ranges);
  SmallVector<size_t> alive;
  for (auto [number, range] : llvm::enumerate(ranges))
    if (range.first <= peakAt && peakAt <= range.last)
      alive.push_back(number);
  llvm::stable_sort(alive, [&](size_t a, size_t b) { return ranges[a].bytes > ranges[b].bytes; });

  Diagnostic diagnostic;
  diagnostic.code = Code::P001;
  diagnostic.message =
      fmt::format("kernel '{}' needs {} bytes of memory for its values at once, which do not fit the memories of {}",
                  program.getSymName().str(), liveBytes(ranges), target.name);
  diagnostic.frames = framesOf(alive.empty() ? program.getLoc() : npu::BufferOp(buffers[alive.front()]).getLoc());
  diagnostic.fix = "use smaller blocks: load and compute the tensors below in parts, with tl.static_range";
  if (int64_t factor = alive.empty() ? 0 : fittingFactor(program, ranges, target))
    if (int64_t elements = elementsOf(buffers[alive.front()]) / factor)
      diagnostic.fix += fmt::format("; it fits with blocks of 1/{} of the elements, which are {} of {}", factor,
                                    elements, nameOf(buffers[alive.front()]));
  for (size_t number : ArrayRef(alive).take_front(kMostNotes)) {
    npu::BufferOp buffer = buffers[number];
    std::string name = nameOf(buffer);
    diagnostic.notes.push_back(
        {fmt::format("{} is live here with {} bytes", name, ranges[number].bytes), framesOf(buffer.getLoc())});
  }
  if (alive.size() > kMostNotes)
    diagnostic.notes.push_back({fmt::format("and {} smaller buffers", alive.size() - kMostNotes), {}});
  diagnostics.report(std::move(diagnostic));
}

} // namespace rblnc::plan
