#include "Timing.h"

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

TimedCommand timed(const DecodedCommand &command, const Touched &touched, const CostModel &model) {
  TimedCommand result;
  result.cost = command.visit([&](const auto &body) { return body.cost(model, touched); });
  if (auto *wait = std::get_if<WaitCommand>(&command.body)) {
    result.kind = TimedCommand::Wait;
    result.semaphore = wait->semaphore;
    result.value = wait->value;
  } else if (auto *signal = std::get_if<SignalCommand>(&command.body)) {
    result.kind = TimedCommand::Signal;
    result.semaphore = signal->semaphore;
  }
  return result;
}

} // namespace rblnc::emulator
