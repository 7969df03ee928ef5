// The semantic verifier: after FlatBuffers' own checks, this proves that a bundle cannot make the emulator read or
// write outside of its memories, hang, or crash.
#pragma once

#include "llvm/Support/Error.h"

#include <cstdint>

namespace rblnc::bundle {

struct Bundle;

/// Caps that keep a hostile bundle from exhausting the host. They are far above what real kernels need.
struct VerifyLimits {
  /// Element operations of one program: elements a transfer moves, multiply-adds of a product, elements times steps,
  /// inputs and outputs of a vector program. 2^42 is about an hour of emulation on a slow host.
  uint64_t maxWork = uint64_t{1} << 42;
  /// Bytes of workspace regions, shared SRAM and scratchpads together that the emulator may have to allocate.
  uint64_t maxMemoryBytes = uint64_t{1} << 38;
};

/// The first rule that the bundle breaks, as a diagnostic that names the program, queue and command and carries the
/// Python line. `bundle` must have passed FlatBuffers' verifier.
llvm::Error verify(const Bundle &bundle, const VerifyLimits &limits = {});

} // namespace rblnc::bundle
