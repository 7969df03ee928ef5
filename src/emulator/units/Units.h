// The units of the device. Each executes one decoded command with the host's kernels; none knows of queues, time or
// checks.
#pragma once

#include "kernels/Kernels.h"
#include "memory/Arena.h"
#include "memory/Box.h"
#include "memory/Footprint.h"
#include "memory/Memory.h"

#include "rblnc/support/Diagnostic.h"
#include "rblnc/target/CostModel.h"

#include "llvm/ADT/ArrayRef.h"

#include <optional>
#include <string>
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
  /// Under device numerics: products that are summed before the running sum is rounded (dot_chunk_elements of the
  /// target).
  size_t dotChunk;
  /// Long commands say here which part of them is done.
  double *part;
  /// Whether vector programs count divisions by zero.
  bool countsZeroDivisors = false;
};

/// What a unit says of a command that it executed.
struct Outcome {
  /// An address lay outside of its memory, so nothing was done.
  bool isOutOfRange = false;
  /// What the command was told to do is wrong, so nothing was done: why, and the edit to make.
  struct Fault {
    Code code;
    std::string message, fix;
  };
  std::optional<Fault> fault{};
  /// The run was told to stop (rblnc/support/Watch.h), and the command is half done.
  bool wasStopped = false;
  uint64_t zeroDivisors = 0;
};

/// What statistics count a command as.
enum class CommandClass : uint8_t { Transfer, Product, Vector, Scalar, Synchronization };

/// What the machine, the statistics and the timing model ask of a decoded command, with the answers of one that takes
/// no unit's time. Other commands hide those that do not suit them, and have `Outcome execute(const Context &) const`.
struct CommandBase {
  static constexpr CommandClass kind = CommandClass::Synchronization;
  /// How long it takes the host, roughly, beside others.
  double work() const { return 0; }
  /// Operations of a matrix product; a multiply-add counts two.
  uint64_t flops() const { return 0; }
  /// Scalar operations of a vector program.
  uint64_t scalarOperations() const { return 0; }
  /// What it touches when it is executed now.
  Touched touched(const bundle::Command &source, const Context &context) const {
    return Touched::by(source, context.registers);
  }
  /// What it takes when it touches this.
  CommandCost cost(const CostModel &model, const Touched &touched) const {
    return model.synchronization(static_cast<double>(touched.dramBytes), static_cast<double>(touched.sharedBytes));
  }
};

// ---- DMA (DmaUnit.cpp) ---------------------------------------------------------------------------------------------

struct DmaCommand : CommandBase {
  Extents shape;
  DecodedAccess source, destination;
  llvm::SmallVector<DecodedClip, 2> clips;
  std::optional<uint64_t> fill;

  static constexpr CommandClass kind = CommandClass::Transfer;
  double work() const { return static_cast<double>(countOf(shape)); }
  CommandCost cost(const CostModel &model, const Touched &touched) const {
    return model.transfer(static_cast<double>(touched.dramBytes), static_cast<double>(touched.sharedBytes));
  }
  Outcome execute(const Context &context) const;
};
DmaCommand decode(const bundle::Dma &dma);

// ---- Transfers of chosen rows (IndexedDmaUnit.cpp) -----------------------------------------------------------------

struct IndexedDmaCommand : CommandBase {
  Extents shape;
  size_t axis = 0;
  int64_t rows = 0;
  bool scatters = false;
  DecodedAccess source, destination, indices;
  std::optional<DecodedAccess> mask;
  llvm::SmallVector<DecodedClip, 2> clips;
  std::optional<uint64_t> fill;
  /// The dimensions of a row, and those that rows are chosen along.
  llvm::SmallVector<size_t, 6> rowDimensions, indexDimensions;

  static constexpr CommandClass kind = CommandClass::Transfer;
  double work() const { return static_cast<double>(countOf(shape)); }
  /// Just the rows that are moved; none where an index names none, for then it stops the run.
  Touched touched(const bundle::Command &source, const Context &context) const;
  CommandCost cost(const CostModel &model, const Touched &touched) const;
  Outcome execute(const Context &context) const;

private:
  struct Row;
  /// What clips leave of the side whose rows are chosen, or of the other one.
  Box boxOf(bool isIndexed, llvm::ArrayRef<int64_t> registers) const;
  bool movesNothing(const Context &context) const;
  /// Those that the mask lets pass, in their order; nothing when indices or mask lie outside of their memory.
  std::optional<std::vector<Row>> rowsToMove(const Context &context) const;
  Outcome::Fault outside(const Row &row) const;
};
IndexedDmaCommand decode(const bundle::IndexedDma &dma);

// ---- Matrix products (MatrixUnit.cpp) ------------------------------------------------------------------------------

struct MatmulCommand : CommandBase {
  Extents batch;
  int64_t m, n, k;
  DecodedAccess a, b, d;
  std::optional<DecodedAccess> c;

  static constexpr CommandClass kind = CommandClass::Product;
  double work() const;
  uint64_t flops() const;
  /// Operations a second on one engine.
  double rate(const CostModel &model) const;
  CommandCost cost(const CostModel &model, const Touched &touched) const;
  Outcome execute(const Context &context) const;
};
MatmulCommand decode(const bundle::Matmul &matmul);

// ---- Scalars (ScalarUnit.cpp) --------------------------------------------------------------------------------------

struct LoadScalarCommand : CommandBase {
  uint32_t reg;
  DecodedAccess source;
  const flatbuffers::Vector<flatbuffers::Offset<bundle::OverflowCheck>> *checks;

  static constexpr CommandClass kind = CommandClass::Scalar;
  /// The first check that `value`, about to be loaded as `name`, does not keep: it, and what to say, without frames.
  /// Null when all are kept. `appendChecks`: look for inserted rows that are lost, too.
  const bundle::OverflowCheck *findFault(int64_t value, llvm::ArrayRef<int64_t> registers, std::string_view name,
                                         bool appendChecks, Diagnostic &diagnostic) const;
  /// The integer, sign-extended; nothing when its address lies outside of its memory.
  std::optional<int64_t> execute(const Context &context) const;
};
LoadScalarCommand decode(const bundle::LoadScalar &load);

} // namespace rblnc::emulator
