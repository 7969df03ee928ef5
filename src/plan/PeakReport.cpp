#include "PeakReport.h"

#include "rblnc/triton/Location.h"

#include "llvm/ADT/STLExtras.h"

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
  for (size_t number : ArrayRef(alive).take_front(kMostNotes)) {
    npu::BufferOp buffer = buffers[number];
    std::string name = buffer.getName().empty() ? "buffer" : "'" + buffer.getName().str() + "'";
    diagnostic.notes.push_back(
        {fmt::format("{} is live here with {} bytes", name, ranges[number].bytes), framesOf(buffer.getLoc())});
  }
  if (alive.size() > kMostNotes)
    diagnostic.notes.push_back({fmt::format("and {} smaller buffers", alive.size() - kMostNotes), {}});
  diagnostics.report(std::move(diagnostic));
}

} // namespace rblnc::plan
