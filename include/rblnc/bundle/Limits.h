// How much of each thing a bundle may hold. The verifier refuses more (RBLN-B036), and the compiler refuses a kernel
// that would need more (RBLN-P003). Real programs stay far below; with these, verification takes time linear in the
// file.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rblnc::bundle {

/// Dimensions of an argument, an access or an index space.
inline constexpr size_t maxRank = 32;
/// Registers that one address, or one overflow check, is computed from.
inline constexpr size_t maxTerms = 64;
inline constexpr size_t maxClips = 64;
/// Of one vector program.
inline constexpr size_t maxSteps = 16384;
/// Inputs, or outputs, of one vector program; and the pairs of an output and anything else, which are compared.
inline constexpr size_t maxAccesses = 4096;
inline constexpr size_t maxAccessPairs = size_t{1} << 16;
/// Arrays that one reduction goes through at once.
inline constexpr size_t maxReductionOperands = 64;
/// Instructions of one reduction's combiner.
inline constexpr size_t maxCombiner = 1024;
inline constexpr size_t maxQueues = 512;
/// Skips that a command stands in.
inline constexpr size_t maxSkipNesting = 64;
/// Of an argument's name.
inline constexpr size_t maxNameBytes = 4096;
/// Commands, accesses, steps and combiner instructions of one program: what has to be decoded and held.
inline constexpr uint64_t maxItems = uint64_t{1} << 21;
inline constexpr uint32_t maxSemaphores = 1 << 20;
inline constexpr uint32_t maxRegisters = 1 << 20;

} // namespace rblnc::bundle
