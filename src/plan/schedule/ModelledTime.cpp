#include "ModelledTime.h"
#include "analysis/Footprint.h"
#include "analysis/Transfer.h"

#include "rblnc/target/Simulation.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace rblnc::plan {
namespace {

/// Bytes that a command moves over the paths that all engines share.
struct Traffic {
  double dram = 0, shared = 0;
};

Traffic trafficOf(npu::CommandInterface command, ArrayAttr registers) {
  Traffic traffic;
  for (Touch &touch : command.getTouches()) {
    auto buffer = touch.memory.getDefiningOp<npu::BufferOp>();
    if (buffer && buffer.getSpace() == npu::Space::Scratchpad)
      continue;
    if (touch.clips) {
      SmallVector<int64_t, 4> left;
      for (size_t axis = 0; axis < touch.shape.size(); ++axis) {
        auto [first, end] = positionsOf(touch, static_cast<int64_t>(axis), registers);
        left.push_back(end - first);
      }
      touch.shape = left;
    }
    auto bytes = static_cast<double>(bytesTouched(touch));
    (buffer && buffer.getSpace() == npu::Space::Shared ? traffic.shared : traffic.dram) += bytes;
  }
  return traffic;
}

TimedCommand timed(npu::CommandInterface command, ArrayAttr registers, const CostModel &model) {
  Traffic traffic = trafficOf(command, registers);
  TimedCommand result;
  result.cost = command.getCost(model, traffic.dram, traffic.shared);
  if (auto wait = dyn_cast<npu::WaitOp>(*command)) {
    result.kind = TimedCommand::Wait;
    result.semaphore = static_cast<uint32_t>(wait.getSemaphore());
    result.value = static_cast<uint32_t>(wait.getValue());
  } else if (auto signal = dyn_cast<npu::SignalOp>(*command)) {
    result.kind = TimedCommand::Signal;
    result.semaphore = static_cast<uint32_t>(signal.getSemaphore());
  }
  return result;
}

} // namespace

double modelledSeconds(npu::ProgramOp program, const CostModel &model) {
  llvm::MapVector<Attribute, std::vector<TimedCommand>> byQueue;
  for (auto command : program.getOps<npu::CommandInterface>())
    byQueue[command.getQueue()].push_back(timed(command, program.getRegisters(), model));
  std::vector<std::vector<TimedCommand>> queues;
  for (auto &[queue, commands] : byQueue)
    queues.push_back(std::move(commands));
  return simulate(queues, model, static_cast<uint32_t>(program.getSemaphores())).seconds;
}

size_t countCommands(npu::ProgramOp program) {
  return static_cast<size_t>(llvm::count_if(program.getOps<npu::CommandInterface>(), [](npu::CommandInterface command) {
    return command->getNumOperands() > 0; // others only order
  }));
}

} // namespace rblnc::plan
