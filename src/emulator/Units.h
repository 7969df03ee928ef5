// The units of the device. Each executes one decoded command with the host's kernels; none knows of queues, time or
// checks.
#pragma once

#include "Memory.h"
#include "kernels/Kernels.h"

#include "rblnc/support/Diagnostic.h"

#include "llvm/ADT/ArrayRef.h"

#include <optional>
#include <vector>

namespace rblnc::emulator {

/// Host memory that units use while they execute a command, kept from one command to the next.
class Arena {
public:
  /// At least this many bytes at a multiple of 64; whatever was there before is gone.
  uint8_t *take(size_t bytes);
  /// Frees what there is if it is more than `limit`.
  void shrink(size_t limit);

private:
  std::vector<uint8_t> bytes;
};

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

/// Half-open bounds along each axis.
struct Box {
  Extents lo, hi;
  bool isEmpty() const;
};

struct DecodedClip {
  uint32_t axis;
  int32_t reg;
  int64_t lo, loScale, hi, hiScale;
};

struct DmaCommand {
  Extents shape;
  DecodedAccess source, destination;
  llvm::SmallVector<DecodedClip, 2> clips;
  std::optional<uint64_t> fill;

  static DmaCommand decode(const bundle::Dma &dma);
  Outcome execute(const Context &context) const;
};

/// The part of `shape` that the clips leave for the registers' values.
Box clipped(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<DecodedClip> clips, llvm::ArrayRef<int64_t> registers);
DecodedClip decodeClip(const bundle::Clip &clip);

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
