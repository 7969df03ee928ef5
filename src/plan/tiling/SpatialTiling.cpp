#include "SpatialTiling.h"
#include "tuning/Tuning.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <tuple>

using namespace mlir;

namespace rblnc::plan {

Candidate spatialTiling(const TilingProblem &problem, int first, int second, ArrayRef<int> scope) {
  const DimensionClasses &classes = problem.classes;
  const CostModel &model = problem.model;
  const TilingLimits &limits = problem.limits;
  bool asManyAsPossible = limits.split == Split::most;
  // Seconds by which of the two classes an operation has (bit 0 and 1).
  double engine[4] = {}, loaded[4] = {}, stored[4] = {};
  problem.forEach(scope, [&](const OperationCost &cost) {
    bool hasFirst = cost.has(first), hasSecond = second != DimensionClasses::none && cost.has(second);
    int bucket = (hasFirst ? 1 : 0) + (hasSecond ? 2 : 0);
    engine[bucket] += cost.engine;
    loaded[bucket] += cost.loaded;
    stored[bucket] += cost.stored;
  });
  int64_t extents[2] = {classes.extent(first), second == DimensionClasses::none ? 1 : classes.extent(second)};
  auto estimate = [&](int64_t a, int64_t b) {
    double tile[2] = {static_cast<double>(llvm::divideCeil(extents[0], a)) / static_cast<double>(extents[0]),
                      static_cast<double>(llvm::divideCeil(extents[1], b)) / static_cast<double>(extents[1])};
    double compute = 0, dram = 0, shared = 0;
    for (int bucket = 0; bucket < 4; ++bucket) {
      compute += engine[bucket] * (bucket & 1 ? tile[0] : 1) * (bucket & 2 ? tile[1] : 1);
      // What several engines need is read from DRAM once, and by each of them from shared SRAM.
      double copies = static_cast<double>((bucket & 1 ? 1 : a) * (bucket & 2 ? 1 : b));
      dram += loaded[bucket] + stored[bucket];
      if (copies > 1)
        shared += loaded[bucket] * copies * model.dramBytesPerSecond / model.sharedBytesPerSecond;
    }
    return compute + dram + shared;
  };
  int64_t parts[2] = {1, 1};
  double least = estimate(1, 1), whole = least;
  // The second class is for engines that the first leaves without work.
  int64_t usable = std::min(extents[0], limits.engines);
  for (int64_t a = 1; a <= usable; ++a)
    for (int64_t b = 1; b <= std::min(extents[1], limits.engines / a); ++b) {
      if (b > 1 && a * b <= usable)
        continue;
      double seconds = estimate(a, b);
      bool isBetter =
          asManyAsPossible ? std::pair(parts[0] * parts[1], -least) < std::pair(a * b, -seconds) : seconds < least;
      if (!isBetter)
        continue;
      least = seconds;
      parts[0] = a;
      parts[1] = b;
    }
  Candidate candidate;
  candidate.seconds = least;
  if (limits.split == Split::none || (!asManyAsPossible && whole - least <= tuning::leastGainSeconds)) {
    candidate.seconds = whole;
    return candidate;
  }
  for (auto [number, extent, part] :
       {std::tuple(first, extents[0], parts[0]), std::tuple(second, extents[1], parts[1])}) {
    // As many parts as the tiles need: 9 rows in 8 parts are 5 parts of 2.
    int64_t count = llvm::divideCeil(extent, llvm::divideCeil(extent, part));
    if (count > 1)
      candidate.tiling.classes.push_back({number, count, 1});
  }
  return candidate;
}

} // namespace rblnc::plan
