// The table of subcommands. A new one is one file and one row here.
#pragma once

#include <functional>

namespace rblnc::cli {

class Command;

/// Adds a subcommand's options to `command` and returns what runs when they have been parsed: it gives the exit status.
using Setup = std::function<int()>(Command &command);

Setup setupBatch, setupCache, setupCheck, setupCompare, setupCompile, setupDiff, setupExplain, setupInspect, setupOpt,
    setupReport, setupRun, setupTargets;

/// Parses the command line and runs the subcommand that it names.
int runCommandLine(int argc, char **argv);

} // namespace rblnc::cli
