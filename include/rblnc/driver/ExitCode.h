// The exit statuses of every subcommand. Scripts depend on them: they do not change.
#pragma once

#include "rblnc/support/Diagnostic.h"

namespace rblnc {

enum ExitCode : int {
  exitDone = 0,
  /// The input was rejected, with a diagnostic that says why.
  exitRejected = 1,
  exitUsage = 2,
  /// A result differs from what was expected.
  exitDiffers = 3,
  /// The bundle is corrupt, foreign or of another version.
  exitBadBundle = 4,
  /// Our own fault; a reproducer folder is left.
  exitInternal = 70,
  /// The work was told to stop (Ctrl-C), as shells have it.
  exitInterrupted = 130,
};

/// The status that a list of diagnostics leads to: by the worst category among its errors.
ExitCode exitCodeFor(const std::vector<Diagnostic> &diagnostics);

} // namespace rblnc
