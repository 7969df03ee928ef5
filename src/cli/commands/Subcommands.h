// The table of subcommands. A new one is one file and one row here.
#pragma once

#include <CLI/App.hpp>

#include <functional>

namespace rblnc::cli {

/// Adds a subcommand's options to `app` and returns what runs when they have been parsed: it gives the exit status.
using Setup = std::function<int()>(CLI::App &app);

Setup setupBatch, setupCache, setupCheck, setupCompare, setupCompile, setupDiff, setupExplain, setupInspect, setupOpt,
    setupReport, setupRun, setupTargets;

/// Parses the command line and runs the subcommand that it names.
int runCommandLine(int argc, char **argv);

} // namespace rblnc::cli
