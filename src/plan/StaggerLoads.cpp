// Engines that do the same work load blocks of the same size at the same time. They share memory evenly, so their loads
// end together, and then memory idles while all of them set up the next one. So the first of an engine's large loads is
// cut in two, after another part of it on each engine: from then on some engines transfer while others set up.
#include "Passes.h"
#include "Transfer.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/MapVector.h"

#include <algorithm>

using namespace mlir;

namespace rblnc::plan {

/// A load is large when its transfer takes as long as this many set-ups, with every engine loading.
static constexpr double setupsOfLargeLoad = 8;
/// A queue of fewer large loads has nothing to gain: the cut costs a set-up itself.
static constexpr size_t fewestLoads = 4;

static npu::AccessAttr movedAlong(npu::AccessAttr access, size_t dimension, int64_t start) {
  return npu::AccessAttr::get(access.getContext(), access.getElement(),
                              access.getOffset() + start * access.getStrides()[dimension], access.getStrides(),
                              access.getRegisters(), access.getScales());
}

/// Cuts a transfer in two along a dimension: the first `count` positions, and the others behind them.
static void cut(npu::DmaOp dma, size_t dimension, int64_t count) {
  OpBuilder builder(dma->getContext());
  builder.setInsertionPointAfter(dma);
  auto tail = cast<npu::DmaOp>(builder.clone(*dma));
  SmallVector<int64_t> first(dma.getShape()), others(dma.getShape());
  first[dimension] = count;
  others[dimension] -= count;
  dma.setShape(first);
  tail.setShape(others);
  tail.setSourceAccessAttr(movedAlong(tail.getSourceAccess(), dimension, count));
  tail.setDestinationAccessAttr(movedAlong(tail.getDestinationAccess(), dimension, count));
  if (!tail.getClips())
    return;
  SmallVector<Attribute> clips;
  for (auto clip : tail.getClips()->getAsRange<npu::ClipAttr>()) {
    int64_t start = clip.getAxis() == static_cast<int64_t>(dimension) ? count : 0;
    clips.push_back(npu::ClipAttr::get(builder.getContext(), clip.getAxis(), clip.getLo() - start, clip.getHi() - start,
                                       clip.getReg(), clip.getLoScale(), clip.getHiScale()));
  }
  tail.setClipsAttr(builder.getArrayAttr(clips));
}

void staggerLoads(npu::ProgramOp program, const Target &target) {
  double large = setupsOfLargeLoad * target.dmaSetupSeconds * target.dramBytesPerSecond / std::max(target.engines, 1U);
  llvm::MapVector<Attribute, SmallVector<npu::DmaOp>> loads; // by queue
  for (auto dma : program.getBody().front().getOps<npu::DmaOp>())
    if (dma.getQueue().getUnit() == npu::Unit::NeuralDma && dma.getSource().getDefiningOp<npu::ArgumentOp>() &&
        static_cast<double>(bytesOf(dma)) >= large)
      loads[dma.getQueue()].push_back(dma);
  loads.remove_if([](auto &queue) { return queue.second.size() < fewestLoads; });
  auto queues = static_cast<int64_t>(loads.size());
  for (auto [rank, queue] : llvm::enumerate(loads)) {
    npu::DmaOp load = queue.second.front();
    // The outermost dimension that has a place for every engine's cut. The last engine's load stays whole.
    const auto *extent = llvm::find_if(load.getShape(), [&](int64_t extent) { return extent >= queues; });
    if (extent == load.getShape().end() || static_cast<int64_t>(rank) + 1 == queues)
      continue;
    cut(load, static_cast<size_t>(extent - load.getShape().begin()),
        *extent / queues * (static_cast<int64_t>(rank) + 1));
  }
}

} // namespace rblnc::plan
