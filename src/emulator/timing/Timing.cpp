#include "Timing.h"

#include "rblnc/bundle/Ops.h"

namespace rblnc::emulator {

CostModel costModelOf(const bundle::Target &figures) {
  Target target;
  target.engines = figures.engines();
  target.dramBytesPerSecond = figures.dram_bytes_per_second();
  target.sharedBytesPerSecond = figures.shared_bytes_per_second();
  target.dmaSetupSeconds = figures.dma_setup_seconds();
  target.matmulFlopsPerSecond = figures.matmul_flops_per_second();
  target.matmulF32Ratio = figures.matmul_f32_ratio();
  target.matmulI8Ratio = figures.matmul_i8_ratio();
  target.matmulSetupSeconds = figures.matmul_setup_seconds();
  target.vectorOpsPerSecond = figures.vector_ops_per_second();
  target.vectorSetupSeconds = figures.vector_setup_seconds();
  target.syncSeconds = figures.sync_seconds();
  return CostModel(target);
}

double productRate(const MatmulCommand &product, const CostModel &model) {
  DType dtype = product.a.dtype;
  return model.productRate(static_cast<unsigned>(8 * bundle::bytesOf(dtype)), bundle::isFloat(dtype));
}

TimedCommand timed(const DecodedCommand &command, const Cost &cost, const CostModel &model) {
  TimedCommand result;
  auto dram = static_cast<double>(cost.dramBytes), shared = static_cast<double>(cost.sharedBytes);
  if (std::holds_alternative<DmaCommand>(command.body)) {
    result.cost = model.transfer(dram, shared);
  } else if (auto *product = std::get_if<MatmulCommand>(&command.body)) {
    result.cost = model.product(static_cast<double>(cost.flops), productRate(*product, model), dram, shared);
  } else if (std::holds_alternative<std::unique_ptr<VectorCommand>>(command.body)) {
    result.cost = model.vector(static_cast<double>(cost.vectorOps), dram, shared);
  } else {
    result.cost = model.synchronization(dram, shared);
    if (auto *wait = std::get_if<WaitCommand>(&command.body)) {
      result.kind = TimedCommand::Wait;
      result.semaphore = wait->semaphore;
      result.value = wait->value;
    } else if (auto *signal = std::get_if<SignalCommand>(&command.body)) {
      result.kind = TimedCommand::Signal;
      result.semaphore = signal->semaphore;
    }
  }
  return result;
}

} // namespace rblnc::emulator
