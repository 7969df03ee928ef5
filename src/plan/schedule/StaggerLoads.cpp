// Engines that do the same work load blocks of the same size at the same time. They share memory evenly, so their loads
// end together, and then memory idles while all of them set up the next one. So they are shifted against each other:
// an engine begins with a part of one of its last loads, each engine with another one, so that the loads in between end
// at different times. Where the scratchpad has no room for that, the first of an engine's large loads is cut in two
// after another part of it on each engine: then at least the first ones do not end together.
#include "Passes.h"
#include "analysis/Transfer.h"
#include "tuning/Tuning.h"

#include "rblnc/target/CostModel.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/MapVector.h"

#include <algorithm>

using namespace mlir;

namespace rblnc::plan {

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

namespace {
/// The large loads of one queue, in the order of the program.
using Loads = SmallVector<npu::DmaOp>;
} // namespace

/// Cuts off the first part of a load, of about so many bytes; false where it has no such part.
static bool cutOff(npu::DmaOp load, double bytes) {
  const auto *extent = llvm::find_if(load.getShape(), [](int64_t extent) { return extent > 1; });
  if (extent == load.getShape().end())
    return false;
  auto count = static_cast<int64_t>(bytes / static_cast<double>(bytesOf(load)) * static_cast<double>(*extent) + 0.5);
  if (count < 1 || count >= *extent)
    return false;
  cut(load, static_cast<size_t>(extent - load.getShape().begin()), count);
  return true;
}

/// Begins a queue with a part of its last load that may go up to the first one.
static bool beginWithPart(const Loads &loads, double bytes, ArrayAttr registers) {
  npu::DmaOp first = loads.front();
  for (npu::DmaOp load : llvm::reverse(loads)) {
    if (load == first)
      return false;
    bool isFree = true;
    for (Operation *op = load->getPrevNode(); op != first && isFree; op = op->getPrevNode())
      isFree = !mustFollow(load, op, registers);
    if (!isFree || !cutOff(load, bytes))
      continue;
    Operation *buffer = load.getDestination().getDefiningOp();
    if (!buffer->isBeforeInBlock(first))
      buffer->moveBefore(first);
    load->moveBefore(first);
    return true;
  }
  return false;
}

/// Cuts the first load of a queue after a part of it. The last queue's load stays whole.
static bool cutFirst(npu::DmaOp load, int64_t rank, int64_t queues) {
  // The outermost dimension that has a place for every queue's cut.
  const auto *extent = llvm::find_if(load.getShape(), [&](int64_t extent) { return extent >= queues; });
  if (extent == load.getShape().end() || rank + 1 >= queues)
    return false;
  cut(load, static_cast<size_t>(extent - load.getShape().begin()), *extent / queues * (rank + 1));
  return true;
}

int64_t staggerLoads(npu::ProgramOp program, const Target &target) {
  // What an engine loads in the time that it takes to set up a transfer, with every engine loading.
  double bytesOfSetup = CostModel(target).bytesOfSetup();
  llvm::MapVector<Attribute, Loads> loads; // by queue
  for (auto dma : program.getBody().front().getOps<npu::DmaOp>())
    if (dma.getQueue().getUnit() == npu::Unit::NeuralDma && dma.getSource().getDefiningOp<npu::ArgumentOp>() &&
        static_cast<double>(bytesOf(dma)) >= tuning::setupsOfLargeLoad * bytesOfSetup)
      loads[dma.getQueue()].push_back(dma);
  loads.remove_if([](auto &queue) { return queue.second.size() < tuning::fewestStaggeredLoads; });
  int64_t loadsCut = 0;
  for (auto [rank, queue] : llvm::enumerate(loads)) {
    int64_t bytes = 0;
    for (npu::DmaOp load : queue.second)
      bytes += std::min(bytesOf(load), INT64_MAX - bytes);
    if (static_cast<double>(bytes) <= tuning::mostShareOfLoads * static_cast<double>(target.scratchpadBytes))
      loadsCut += beginWithPart(queue.second, static_cast<double>(rank) * tuning::setupsBetweenEngines * bytesOfSetup,
                                program.getRegistersAttr());
    else
      loadsCut += cutFirst(queue.second.front(), static_cast<int64_t>(rank), static_cast<int64_t>(loads.size()));
  }
  return loadsCut;
}

} // namespace rblnc::plan
