// A profiled run for people and for other programs: statistics as JSON and as a table, a trace for Perfetto, a page.
//
// The bundle must have been verified, but its texts (names, paths) may hold anything; every form here escapes them.
#pragma once

#include "rblnc/bundle/bundle_generated.h"
#include "rblnc/emulator/Machine.h"

#include "llvm/Support/JSON.h"

#include <optional>
#include <string>

namespace rblnc::report {

struct ProfiledRun {
  const bundle::Bundle &bundle;
  /// The program of the bundle that ran.
  const bundle::Program &program;
  const emulator::RunStats &stats;
  const emulator::Profile &profile;
  emulator::Numerics numerics = emulator::Numerics::ieee;
  /// What the emulator took, where it is to be told: it differs from run to run.
  std::optional<double> hostSeconds = std::nullopt;
};

/// All figures but the single commands: what `run --stats=FILE` writes.
llvm::json::Object statisticsJson(const ProfiledRun &run);
/// The same for a terminal, in lines of at most 120 columns unless a name is longer.
std::string statisticsTable(const ProfiledRun &run);

/// A trace in Perfetto's protobuf format: one track for each queue, named as the vendor's profiler names them, with one
/// slice for each command, and one counter for each on-chip memory.
std::string perfettoTrace(const ProfiledRun &run);

/// One HTML page that needs nothing else: summary, timeline, roofline, scratchpads over time, a table of Python lines.
std::string htmlPage(const ProfiledRun &run);

} // namespace rblnc::report
