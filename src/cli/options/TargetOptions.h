// --target and --target-file, as every subcommand that compiles has them.
#pragma once

#include "rblnc/target/Target.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace rblnc::cli {

class Command;

struct TargetOptions {
  std::vector<std::string> names;
  std::vector<std::string> files;

  /// Adds both options; `text` says what --target is for.
  void addTo(Command &command, const std::string &text);
  bool isGiven() const { return !names.empty() || !files.empty(); }
  /// The chips in the order of the options, names first; the default chip when none is given. Gives the exit status,
  /// with the error reported: a chip that is not known (RBLN-I050) or named twice is usage, a file that cannot be read
  /// is not.
  int resolve(std::vector<Target> &targets) const;
};

/// The name that two of the chips share, or nothing.
std::optional<std::string> repeatedTarget(std::span<const Target> targets);

} // namespace rblnc::cli
