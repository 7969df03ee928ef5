#include "rblnc/emulator/Result.h"

#include <algorithm>

namespace rblnc::emulator {

bool RunResult::hasErrors() const {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Diagnostic &finding) { return finding.severity == Severity::Error; });
}

llvm::json::Value toJson(const RunStats &stats) {
  auto number = [](uint64_t value) { return llvm::json::Value(value); };
  llvm::json::Array queues;
  for (const QueueStats &queue : stats.queues)
    queues.push_back(llvm::json::Object{{"name", queue.name},
                                        {"commands", number(queue.commands)},
                                        {"busy_seconds", queue.busySeconds},
                                        {"compute_seconds", queue.computeSeconds},
                                        {"stalled_seconds", queue.stalledSeconds}});
  return llvm::json::Object{{"modelled_seconds", stats.modelledSeconds},
                            {"queues", std::move(queues)},
                            {"commands", llvm::json::Object{{"dma", number(stats.dmaCommands)},
                                                            {"matmul", number(stats.matmulCommands)},
                                                            {"vector", number(stats.vectorCommands)},
                                                            {"load_scalar", number(stats.scalarCommands)},
                                                            {"sync", number(stats.syncCommands)},
                                                            {"skipped", number(stats.skippedCommands)}}},
                            {"dma_bytes", number(stats.dmaBytes)},
                            {"layout_changes", number(stats.layoutChanges)},
                            {"layout_change_bytes", number(stats.layoutChangeBytes)},
                            {"dram_bytes", number(stats.dramBytes)},
                            {"matmul_flops", number(stats.matmulFlops)},
                            {"vector_ops", number(stats.vectorOps)},
                            {"peak_scratchpad_bytes", number(stats.peakScratchpadBytes)},
                            {"peak_shared_bytes", number(stats.peakSharedBytes)}};
}

} // namespace rblnc::emulator
