// What a run tells beside the arrays that it wrote.
#pragma once

#include "rblnc/emulator/Profile.h"
#include "rblnc/support/Diagnostic.h"

#include "llvm/Support/JSON.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rblnc::emulator {

/// One queue in the timing model.
struct QueueStats {
  /// As the profiler's tracks: "Neural Engine Clusters 0", "Neural DMA 0", "Task DMA 1", "Command Processor 0".
  std::string name;
  uint64_t commands = 0; ///< that were executed; skipped ones are not
  double busySeconds = 0;
  /// Time spent at waits.
  double stalledSeconds = 0;
  /// Time in which the unit computes: without set-up, and without what only waits for memory.
  double computeSeconds = 0;
};

/// Counts are exact for the run; seconds are a model (src/emulator/README.md).
struct RunStats {
  double modelledSeconds = 0;
  std::vector<QueueStats> queues;
  uint64_t dmaCommands = 0, matmulCommands = 0, vectorCommands = 0, scalarCommands = 0, syncCommands = 0,
           skippedCommands = 0;
  /// Bytes that transfers moved (once each, although they are read and written).
  uint64_t dmaBytes = 0;
  /// Of these, transfers that are there only because the layout of a value does not suit a reshape of it.
  uint64_t layoutChanges = 0, layoutChangeBytes = 0;
  /// Bytes that commands read from and wrote to DRAM.
  uint64_t dramBytes = 0;
  uint64_t matmulFlops = 0;                              ///< a multiply-add counts two; integer ones too
  uint64_t vectorOps = 0;                                ///< scalar operations of vector programs
  uint64_t peakScratchpadBytes = 0, peakSharedBytes = 0; ///< as the bundle's memory plan says
};

struct RunResult {
  RunStats stats;
  std::optional<Profile> profile; ///< when RunOptions::profile asks for it
  /// What the checks found, in the order of execution, at most maxFindings of each kind.
  std::vector<Diagnostic> findings;
  bool hasErrors() const;

  static constexpr size_t maxFindings = 16;
};

/// For `run --stats`.
llvm::json::Value toJson(const RunStats &stats);

} // namespace rblnc::emulator
