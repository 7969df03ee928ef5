// Device commands as text.
#pragma once

#include "rblnc/bundle/bundle_generated.h"

#include <string>
#include <string_view>

namespace rblnc::cli {

/// One command of a verified bundle. A vector program has one line for each value, indented by two spaces:
///   dma 2x64xf32 dram0+0[16384,4] -> scratchpad0+0[256,4]
///   matmul 2x[64,128,64] a=… b=… -> …
///   vector 128 rows of 128
///     %0 = load f32 scratchpad0+0[512,4]
///     %1 = reduce maxnumf %0
///     store %1 -> …
std::string disassemble(const bundle::Command &command);

std::string_view textOf(const flatbuffers::String *text);

} // namespace rblnc::cli
