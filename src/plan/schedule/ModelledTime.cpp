#include "ModelledTime.h"
#include "analysis/Hazards.h"
#include "analysis/IndexSpace.h"

#include "rblnc/target/Simulation.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace rblnc::plan {
namespace {

/// Bytes that a command moves over the paths that all engines share.
struct Traffic {
  double dram = 0, shared = 0;
};

Traffic trafficOf(Operation *command, ArrayAttr registers) {
  Traffic traffic;
  SmallVector<int64_t> space = indexSpaceOf(command);
  for (const Touch &touch : effectsOf(command).touches) {
    auto buffer = touch.memory.getDefiningOp<npu::BufferOp>();
    if (buffer && buffer.getSpace() == npu::Space::Scratchpad)
      continue;
    SmallVector<int64_t> extents(space);
    if (touch.clips)
      for (auto [axis, extent] : llvm::enumerate(extents)) {
        auto [first, end] = positionsOf(touch, static_cast<int64_t>(axis), registers);
        extent = end - first;
      }
    auto bytes = static_cast<double>(bytesTouched(touch.access, extents, INT64_MAX));
    (buffer && buffer.getSpace() == npu::Space::Shared ? traffic.shared : traffic.dram) += bytes;
  }
  return traffic;
}

double product(ArrayRef<int64_t> extents) {
  double result = 1;
  for (int64_t extent : extents)
    result *= static_cast<double>(extent);
  return result;
}

/// Scalar operations, as the emulator counts them: what follows from the results of reductions runs once a row.
double operationsOf(npu::VectorOp vector) {
  Block &body = vector.getBody().front();
  auto outer = static_cast<unsigned>(vector.getOuter().size());
  llvm::DenseSet<Value> ofRows;
  for (auto [argument, access] :
       llvm::zip(body.getArguments(), vector.getInputAccesses().getAsRange<npu::AccessAttr>()))
    if (llvm::all_of(access.getStrides().drop_front(outer), [](int64_t stride) { return stride == 0; }))
      ofRows.insert(argument);
  double perRow = 0, perElement = 0;
  for (Operation &op : body.without_terminator()) {
    if (op.hasTrait<OpTrait::ConstantLike>()) {
      ofRows.insert(op.getResult(0));
      continue;
    }
    if (isa<npu::IndexOp>(op))
      continue;
    if (auto reduce = dyn_cast<npu::ReduceOp>(op)) {
      perElement += static_cast<double>(reduce.getCombiner().front().getOperations().size() - 1);
      ofRows.insert(op.result_begin(), op.result_end());
      continue;
    }
    bool isOfRow = llvm::all_of(op.getOperands(), [&](Value operand) { return ofRows.contains(operand); });
    if (isOfRow)
      ofRows.insert(op.result_begin(), op.result_end());
    (isOfRow ? perRow : perElement) += 1;
  }
  return product(vector.getOuter()) * (perRow + product(vector.getInner()) * perElement);
}

TimedCommand timed(Operation *op, ArrayAttr registers, const CostModel &model) {
  Traffic traffic = trafficOf(op, registers);
  TimedCommand command;
  if (isa<npu::DmaOp>(op)) {
    command.cost = model.transfer(traffic.dram, traffic.shared);
  } else if (auto matmul = dyn_cast<npu::MatmulOp>(op)) {
    Type element = matmul.getAAccess().getElement();
    command.cost = model.product(2 * product(matmul.getBatch()) * product(matmul.getMnk()),
                                 model.productRate(element.getIntOrFloatBitWidth(), isa<FloatType>(element)),
                                 traffic.dram, traffic.shared);
  } else if (auto vector = dyn_cast<npu::VectorOp>(op)) {
    command.cost = model.vector(operationsOf(vector), traffic.dram, traffic.shared);
  } else {
    command.cost = model.synchronization(traffic.dram, traffic.shared);
    if (auto wait = dyn_cast<npu::WaitOp>(op)) {
      command.kind = TimedCommand::Wait;
      command.semaphore = static_cast<uint32_t>(wait.getSemaphore());
      command.value = static_cast<uint32_t>(wait.getValue());
    } else if (auto signal = dyn_cast<npu::SignalOp>(op)) {
      command.kind = TimedCommand::Signal;
      command.semaphore = static_cast<uint32_t>(signal.getSemaphore());
    }
  }
  return command;
}

} // namespace

double modelledSeconds(npu::ProgramOp program, const CostModel &model) {
  llvm::MapVector<Attribute, std::vector<TimedCommand>> byQueue;
  for (Operation &op : program.getBody().front())
    if (auto queue = op.getAttrOfType<npu::QueueAttr>("queue"))
      byQueue[queue].push_back(timed(&op, program.getRegisters(), model));
  std::vector<std::vector<TimedCommand>> queues;
  for (auto &[queue, commands] : byQueue)
    queues.push_back(std::move(commands));
  return simulate(queues, model, static_cast<uint32_t>(program.getSemaphores())).seconds;
}

size_t countCommands(npu::ProgramOp program) {
  return static_cast<size_t>(llvm::count_if(program.getBody().front(), [](Operation &op) {
    return isa<npu::DmaOp, npu::MatmulOp, npu::VectorOp, npu::LoadScalarOp>(op);
  }));
}

} // namespace rblnc::plan
