// The emulated device: runs a verified bundle's program on arrays of the caller.
//
// A machine executes the commands of its queues as the schema defines them: in order within a queue, with queues taking
// turns at waits, or in a random order of a seed. The order is the same on every host and every run.
// src/emulator/README.md says what is exact, what is modelled, and what the checks find.
#pragma once

#include "rblnc/bundle/Reader.h"
#include "rblnc/emulator/Result.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace rblnc::emulator {

/// What floats mean. ieee: every type is what the IR says. device: every value written as f32 is rounded to the
/// target's compute type (DLFloat16 or bfloat16), and dot products are summed in chunks (dot_chunk_elements of the
/// target) with the running sum rounded.
enum class Numerics : uint8_t { ieee, device };

struct RunOptions {
  Numerics numerics = Numerics::ieee;
  /// Finds reads of SRAM that was never written, races between queues and divisions by zero.
  bool checks = true;
  /// Stops with R037 where rows that rblib.insert puts into a partition are lost.
  bool appendChecks = true;
  /// Also makes RunResult::profile: bytes by argument, times by command and by Python line.
  bool profile = false;
  /// Seed of a random order: at each step one command of any queue that need not wait. Nothing: the fixed order, in
  /// which each queue runs until it has to wait. Results and modelled times do not depend on it, unless there is a
  /// race.
  std::optional<uint64_t> order = std::nullopt;
  /// Bytes of workspace, shared SRAM and scratchpads that may be allocated. Error R032 when the program needs more.
  uint64_t maxMemoryBytes = uint64_t{16} << 30;
};

/// The caller's array for each argument of the signature, tensors and scalars alike. They are used in place: outputs
/// are written into them while the program runs. Each must have at least the bytes of its region; no alignment is
/// needed.
using Arguments = std::map<std::string, std::span<std::byte>, std::less<>>;
/// The same in the order of the signature.
using ArgumentList = llvm::ArrayRef<std::span<std::byte>>;

class Machine {
public:
  /// Decodes a program of a bundle, which must outlive the machine. Error R030 when there is no such program.
  static llvm::Expected<Machine> create(const bundle::OpenBundle &bundle, uint32_t program = 0);

  Machine(Machine &&) noexcept;
  Machine &operator=(Machine &&) noexcept;
  ~Machine();

  /// Runs the program once. Can be called again, with other arguments too, and by many threads at once; nothing but the
  /// caller's arrays is kept from one run to the next. What a run takes of the host's memory, its thread keeps for the
  /// next one (see src/emulator/memory/HostMemory.h). Errors stop the run, and what was written so far stays written:
  ///   R031 an argument is missing, unknown or too small    R034 a loaded scalar is outside of its register's bounds
  ///   R032 the program needs too much memory               R035 an address is outside of its memory
  ///   R033 the queues wait for each other                  R036 an integer that addresses memory overflows
  ///   R037 rows that are inserted would be lost
  /// What the checks find does not stop the run: it comes with the result.
  llvm::Expected<RunResult> run(ArgumentList arguments, const RunOptions &options = {}) const;
  llvm::Expected<RunResult> run(const Arguments &arguments, const RunOptions &options = {}) const;

  /// After a run of this thread that never returned, since the host caught a fault in it: what that run used is left as
  /// it is for good, and the thread's next run begins with memory of its own.
  static void forgetThread();

private:
  struct Impl;
  explicit Machine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

} // namespace rblnc::emulator
