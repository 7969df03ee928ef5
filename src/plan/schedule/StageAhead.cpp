// What several engines need is brought into shared SRAM by the queue that also stores results, for the other one is
// busy with loads. A store waits for what is computed, and whatever stands behind it in the queue waits too. So loads
// into shared SRAM go up over such commands, as far as the program still reads what was staged a few loads before.
#include "Passes.h"
#include "analysis/Hazards.h"
#include "analysis/Transfer.h"
#include "rblnc/support/Watch.h"
#include "tuning/Tuning.h"

#include "llvm/ADT/STLExtras.h"

#include <map>

using namespace mlir;

namespace rblnc::plan {
namespace {

class Stager {
public:
  explicit Stager(npu::ProgramOp program) : body(program.getBody().front()), bounds(program.getRegisters()) {}

  int64_t run() {
    std::map<SmallVector<int64_t, 8>, SmallVector<npu::DmaOp>> groups; // by the engines that read what is loaded
    std::map<int64_t, int64_t> traffic;                                // of the queues that store, by engine
    for (auto command : body.getOps<npu::CommandInterface>()) {
      if (auto dma = dyn_cast<npu::DmaOp>(*command); dma && isStage(dma))
        groups[readersOf(dma.getDestination())].push_back(dma);
      if (command.getQueue().getUnit() == npu::Unit::TaskDma)
        traffic[command.getQueue().getIndex()] += bytesOf(command);
    }
    std::map<int64_t, SmallVector<npu::DmaOp>> loads; // by engine
    for (auto &[readers, group] : groups) {
      if (group.size() < tuning::fewestStages)
        continue;
      // The engine that reads them first, unless its queue is busy.
      int64_t staged = 0, engine = readers.front();
      for (npu::DmaOp load : group)
        staged += bytesOf(load);
      if (static_cast<double>(traffic[engine]) > tuning::busyShare * static_cast<double>(staged))
        engine = *llvm::min_element(readers, [&](int64_t a, int64_t b) { return traffic[a] < traffic[b]; });
      traffic[engine] += staged;
      for (npu::DmaOp load : group)
        load.setQueueAttr(npu::QueueAttr::get(load.getContext(), npu::Unit::TaskDma, engine));
      llvm::append_range(loads[engine], group);
    }
    // An engine may load for several groups.
    for (auto &[engine, list] : loads)
      llvm::sort(list, [](npu::DmaOp x, npu::DmaOp y) { return x->isBeforeInBlock(y); });
    int64_t moved = 0;
    for (auto &[engine, list] : loads)
      for (size_t i = 0; i < list.size() && !wasStopped(); ++i)
        moved += moveUp(list[i], i > 0 ? list[i - 1] : npu::DmaOp(),
                        i < tuning::stagesAhead ? npu::DmaOp() : list[i - tuning::stagesAhead]);
    return moved;
  }

private:
  static bool isStage(npu::DmaOp dma) {
    auto buffer = dma.getDestination().getDefiningOp<npu::BufferOp>();
    return buffer && buffer.getSpace() == npu::Space::Shared && dma.getQueue().getUnit() == npu::Unit::NeuralDma &&
           dma.getSource().getDefiningOp<npu::ArgumentOp>();
  }

  static SmallVector<int64_t, 8> readersOf(Value memory) {
    SmallVector<int64_t, 8> engines;
    for (Operation *user : memory.getUsers())
      if (reads(user, memory))
        engines.push_back(cast<npu::CommandInterface>(user).getQueue().getIndex());
    llvm::sort(engines);
    engines.erase(llvm::unique(engines), engines.end());
    return engines;
  }

  /// Moves a load up over commands of its queue: not over the load before it, nor over what reads what `earlier` loads.
  bool moveUp(npu::DmaOp load, npu::DmaOp before, npu::DmaOp earlier) const {
    Operation *buffer = load.getDestination().getDefiningOp(), *above = nullptr;
    bool passesBuffer = false, takesBuffer = false;
    size_t steps = 0;
    for (Operation *op = load->getPrevNode(); op && steps < tuning::mostCommandsAbove;
         op = op->getPrevNode(), ++steps) {
      passesBuffer |= op == buffer;
      if (isa<npu::BufferOp, npu::ConstantOp>(op))
        continue;
      if (op == before || (earlier && reads(op, earlier.getDestination())) || mustFollow(load, op, bounds))
        break;
      if (auto command = dyn_cast<npu::CommandInterface>(op); command && command.getQueue() == load.getQueue()) {
        above = op;
        takesBuffer = passesBuffer;
      }
    }
    if (!above)
      return false;
    load->moveBefore(above);
    if (takesBuffer)
      buffer->moveBefore(load);
    return true;
  }

  Block &body;
  ArrayAttr bounds;
};

} // namespace

int64_t stageAhead(npu::ProgramOp program) { return Stager(program).run(); }

} // namespace rblnc::plan
