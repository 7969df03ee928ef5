// The units of the device. Each executes one decoded command with the host's kernels; none knows of queues, time or
// checks.
#pragma once

#include "kernels/Kernels.h"
#include "memory/Arena.h"
#include "memory/Box.h"
#include "memory/Memory.h"

#include "rblnc/support/Diagnostic.h"

#include "llvm/ADT/ArrayRef.h"

#include <optional>
#include <vector>

namespace rblnc::emulator {

/// What a unit needs to execute a command.
struct Context {
  const KernelTable &kernels;
  const Memories &memories;
  llvm::ArrayRef<int64_t> registers;
  Arena &arena;
  /// Device numerics: rounds every value that is written as f32; null under IEEE numerics.
  RoundFn roundF32;
  /// Long commands say here which part of them is done.
  double *part;
  /// Whether vector programs count divisions by zero.
  bool countsZeroDivisors = false;
};

/// What a unit says of a command that it executed.
struct Outcome {
  /// An address lay outside of its memory, so nothing was done.
  bool isOutOfRange = false;
  /// The run was told to stop (rblnc/support/Watch.h), and the command is half done.
  bool wasStopped = false;
  uint64_t zeroDivisors = 0;
};

// ---- DMA (DmaUnit.cpp) ---------------------------------------------------------------------------------------------

struct DmaCommand {
  Extents shape;
  DecodedAccess source, destination;
  llvm::SmallVector<DecodedClip, 2> clips;
  std::optional<uint64_t> fill;

  static DmaCommand decode(const bundle::Dma &dma);
  Outcome execute(const Context &context) const;
};

// ---- Matrix products (MatrixUnit.cpp) ------------------------------------------------------------------------------

struct MatmulCommand {
  Extents batch;
  int64_t m, n, k;
  DecodedAccess a, b, d;
  std::optional<DecodedAccess> c;

  static MatmulCommand decode(const bundle::Matmul &matmul);
  Outcome execute(const Context &context) const;
};

// ---- Scalars (ScalarUnit.cpp) --------------------------------------------------------------------------------------

struct LoadScalarCommand {
  uint32_t reg;
  DecodedAccess source;
  const flatbuffers::Vector<flatbuffers::Offset<bundle::OverflowCheck>> *checks;

  static LoadScalarCommand decode(const bundle::LoadScalar &load);
  /// The first check that `value`, about to be loaded as `name`, does not keep: it, and what to say, without frames.
  /// Null when all are kept. `appendChecks`: look for inserted rows that are lost, too.
  const bundle::OverflowCheck *findFault(int64_t value, llvm::ArrayRef<int64_t> registers, std::string_view name,
                                         bool appendChecks, Diagnostic &diagnostic) const;
  /// The integer, sign-extended; nothing when its address lies outside of its memory.
  std::optional<int64_t> execute(const Context &context) const;
};

} // namespace rblnc::emulator
