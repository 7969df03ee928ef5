// The figures of a target: one row each, from which reading, checking and printing follow.
#pragma once

#include "rblnc/target/Target.h"

#include <variant>

namespace rblnc {

struct FigureRow {
  llvm::StringRef key;
  std::variant<uint32_t Target::*, int64_t Target::*, double Target::*> field;
  /// The values that make sense; anything else is a mistake in the file.
  double least;
  double greatest;
};

inline constexpr double tebi = 1024.0 * 1024.0 * 1024.0 * 1024.0;

inline const FigureRow figureRows[] = {
    {"engines", &Target::engines, 1, 4096},
    {"scratchpad_bytes", &Target::scratchpadBytes, 1024, tebi},
    {"shared_bytes", &Target::sharedBytes, 0, tebi},
    {"dram_bytes", &Target::dramBytes, 1024, 64 * tebi},
    {"line_elements", &Target::lineElements, 1, 65536},
    {"alignment_bytes", &Target::alignmentBytes, 1, 65536},
    {"dram_bytes_per_second", &Target::dramBytesPerSecond, 1, 1e18},
    {"shared_bytes_per_second", &Target::sharedBytesPerSecond, 1, 1e18},
    {"dma_setup_seconds", &Target::dmaSetupSeconds, 0, 1},
    {"matmul_flops_per_second", &Target::matmulFlopsPerSecond, 1, 1e18},
    {"matmul_f32_ratio", &Target::matmulF32Ratio, 1e-6, 1e6},
    {"matmul_i8_ratio", &Target::matmulI8Ratio, 1e-6, 1e6},
    {"matmul_setup_seconds", &Target::matmulSetupSeconds, 0, 1},
    {"vector_ops_per_second", &Target::vectorOpsPerSecond, 1, 1e18},
    {"vector_setup_seconds", &Target::vectorSetupSeconds, 0, 1},
    {"sync_seconds", &Target::syncSeconds, 0, 1},
};

} // namespace rblnc
