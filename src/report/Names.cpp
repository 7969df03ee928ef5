#include "Names.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace rblnc::report {

const bundle::Command &commandOf(const ProfiledRun &run, const emulator::Slice &slice) {
  return *run.program.queues()->Get(slice.queue)->commands()->Get(slice.command);
}

std::string placeOf(const bundle::Bundle &bundle, uint32_t line) {
  std::vector<SourceFrame> frames = bundle::framesOf(bundle, line);
  if (frames.empty() || frames.front().file.empty())
    return "";
  return fmt::format("{}:{}", cleanText(frames.front().file), frames.front().line);
}

std::string nameOf(const emulator::Occupancy &occupancy) {
  return occupancy.isShared ? "Shared SRAM" : fmt::format("Scratchpad {}", occupancy.unit);
}

std::vector<size_t> sequenceOf(const std::vector<emulator::Slice> &slices) {
  std::vector<size_t> order(slices.size()), places(slices.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return slices[a].begin < slices[b].begin; });
  for (size_t i = 0; i < order.size(); ++i)
    places[order[i]] = i;
  return places;
}

uint64_t nanoseconds(double seconds) { return static_cast<uint64_t>(std::llround(seconds * 1e9)); }

} // namespace rblnc::report
