// The second third of decoding a vector program: how its accesses walk the index space, and how that is cut into
// blocks.
#pragma once

#include "VectorDecode.h"

namespace rblnc::emulator {

/// Fills in everything about the index space of a command that has elements: rows, length, blocks, and a walk for each
/// input, output and index. Gives the number of its index for each value that is one.
std::vector<uint32_t> layOut(const Analysis &analysis, VectorCommand &command);

} // namespace rblnc::emulator
