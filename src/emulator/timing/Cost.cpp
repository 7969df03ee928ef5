#include "Cost.h"

namespace rblnc::emulator {

Cost costOf(const DecodedCommand &command, llvm::ArrayRef<int64_t> registers,
            llvm::function_ref<void(const Footprint &)> visit) {
  Cost cost;
  bool isDma = std::holds_alternative<DmaCommand>(command.body);
  for (const bundle::AccessUse &use : bundle::accessesOf(*command.source)) {
    Footprint footprint = Footprint::of(use, registers);
    if (visit)
      visit(footprint);
    auto bytes = static_cast<uint64_t>(footprint.bytes());
    if (footprint.memory == bundle::Memory::dram)
      cost.dramBytes += bytes;
    else if (footprint.memory == bundle::Memory::shared)
      cost.sharedBytes += bytes;
    if (isDma && use.isWritten)
      cost.movedBytes += bytes;
  }
  if (auto *matmul = std::get_if<MatmulCommand>(&command.body))
    cost.flops = 2 * static_cast<uint64_t>(countOf(matmul->batch)) * static_cast<uint64_t>(matmul->m) *
                 static_cast<uint64_t>(matmul->n) * static_cast<uint64_t>(matmul->k);
  if (auto *vector = std::get_if<std::unique_ptr<VectorCommand>>(&command.body))
    cost.vectorOps = (*vector)->scalarOperations();
  return cost;
}

} // namespace rblnc::emulator
