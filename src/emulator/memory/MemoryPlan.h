// Which memories a program needs, and what it may write of each: known before it runs.
#pragma once

#include "HostMemory.h"

#include "rblnc/bundle/bundle_generated.h"

#include <vector>

namespace rblnc::emulator {

/// A memory that the emulator provides: a workspace region, shared SRAM or a scratchpad.
struct MemoryNeed {
  bundle::Memory memory;
  uint32_t unit;
  uint64_t bytes;
  /// What commands may write, for whatever values the registers have.
  ByteRange written;
};

/// The memories of a verified program: workspaces, shared SRAM, and the scratchpads that it uses.
std::vector<MemoryNeed> planMemories(const bundle::Bundle &bundle, const bundle::Program &program);

} // namespace rblnc::emulator
