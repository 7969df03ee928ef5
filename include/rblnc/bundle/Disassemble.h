// Device commands as text, for listings and reports.
#pragma once

#include "rblnc/bundle/bundle_generated.h"

#include <string>

namespace rblnc::bundle {

/// One command of a verified bundle. A vector program has one line for each value, indented by two spaces:
///   dma 2x64xf32 dram0+0[16384,4] -> scratchpad0+0[256,4]
///   matmul 2x[64,128,64] a=… b=… -> …
///   vector 128 rows of 128
///     %0 = load f32 scratchpad0+0[512,4]
///     %1 = reduce maxnumf %0
///     store %1 -> …
std::string disassemble(const Command &command);

/// What a command of a verified bundle does, in a word: "load(q)", "store(o)", "copy", "matmul", "exp",
/// "fused(subf+exp+reduce_addf)", "wait", … Valid UTF-8 without control characters.
std::string operationName(const Bundle &bundle, const Command &command);

} // namespace rblnc::bundle
