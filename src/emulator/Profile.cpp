#include "rblnc/emulator/Profile.h"

#include <algorithm>

namespace rblnc::emulator {

double Roofline::bound() const { return std::max(matrixSeconds + vectorSeconds, memorySeconds); }

std::string_view Roofline::limit() const {
  if (memorySeconds == bound())
    return "memory";
  return matrixSeconds >= vectorSeconds ? "matrix" : "vector";
}

std::string_view nameOf(Bottleneck bottleneck) {
  constexpr std::string_view names[] = {"compute", "memory", "latency"};
  return names[static_cast<size_t>(bottleneck)];
}

uint64_t Occupancy::peak() const {
  uint64_t most = 0;
  for (const Point &point : points)
    most = std::max(most, point.bytes);
  return most;
}

Bottleneck Profile::bottleneck() const {
  if (computeSeconds >= memorySeconds && computeSeconds >= latencySeconds)
    return Bottleneck::compute;
  return memorySeconds >= latencySeconds ? Bottleneck::memory : Bottleneck::latency;
}

} // namespace rblnc::emulator
