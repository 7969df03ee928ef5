// One kernel of a batch: what is compiled, what becomes of it, and what is expected.
#pragma once

#include "rblnc/driver/Compiler.h"
#include "rblnc/support/Diagnostic.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rblnc::cli::batch {

/// What a run may cost at most. The figures are the emulator's: modelled time, bytes to and from DRAM, peak of a
/// scratchpad.
struct Budget {
  std::optional<double> microseconds;
  std::optional<uint64_t> dramBytes;
  std::optional<uint64_t> scratchpadBytes;

  bool isGiven() const { return microseconds || dramBytes || scratchpadBytes; }
};

struct Job {
  /// Unique in a batch. The bundle is named after it.
  std::string name;
  std::string input;
  /// Where the bundle goes; empty when it is not wanted.
  std::string output;
  CompileOptions options;
  /// Files that the manifest names for the chips.
  std::vector<std::string> targetFiles;
  /// Whether it runs on the emulator, and with which data: what run's --arg, --expect, --seed, --rtol and --atol take.
  bool isRun = false;
  std::map<std::string, std::string> arguments, expectations;
  uint64_t seed = 0;
  std::optional<double> relative, absolute;
  Budget budget;
};

enum class State : uint8_t {
  ok,
  refused, ///< the input was rejected, or its results could not be written
  differs, ///< a result is not what was expected, or a budget does not suffice
  internal,
};
std::string_view nameOf(State state);

struct Figures {
  double microseconds = 0;
  uint64_t dramBytes = 0, scratchpadBytes = 0;
};

struct Outcome {
  State state = State::ok;
  /// The bundle came from the cache.
  bool isCached = false;
  double milliseconds = 0;
  std::vector<Diagnostic> diagnostics;
  std::optional<Figures> figures; ///< of a run
  /// Why the cache could not be written; that costs time, not the result.
  std::string cacheFault;

  /// What processes tell each other.
  std::string serialise() const;
  static std::optional<Outcome> parse(llvm::StringRef text);
};

/// The state that diagnostics lead to.
State stateOf(const std::vector<Diagnostic> &diagnostics);

} // namespace rblnc::cli::batch
