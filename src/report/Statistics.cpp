#include "Names.h"

#include "rblnc/bundle/Describe.h"
#include "rblnc/emulator/Report.h"

namespace rblnc::report {
namespace {

using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

Array linesJson(const ProfiledRun &run) {
  Array rows;
  for (const emulator::LineProfile &line : run.profile.lines) {
    std::vector<SourceFrame> frames = bundle::framesOf(run.bundle, line.line);
    bool isKnown = !frames.empty() && !frames.front().file.empty();
    rows.push_back(Object{{"file", isKnown ? Value(cleanText(frames.front().file)) : Value(nullptr)},
                          {"line", isKnown ? Value(frames.front().line) : Value(nullptr)},
                          {"seconds", line.seconds},
                          {"busy_seconds", line.busySeconds},
                          {"commands", line.commands},
                          {"dma_bytes", line.dmaBytes},
                          {"dram_bytes", line.dramBytes},
                          {"flops", line.flops},
                          {"vector_ops", line.vectorOps}});
  }
  return rows;
}

/// Null where there is nothing to divide by.
Value ratio(double part, double whole) { return whole > 0 ? Value(part / whole) : Value(nullptr); }

} // namespace

Object statisticsJson(const ProfiledRun &run) {
  const emulator::Profile &profile = run.profile;
  const emulator::Roofline &roofline = profile.roofline;
  Object object = emulator::describeRun(run.bundle, run.numerics, run.stats, run.hostSeconds.value_or(0));
  if (!run.hostSeconds)
    object.erase("host_seconds");
  // describeRun speaks of the first program.
  object["kernel"] = cleanText(run.program.kernel());
  object["target"] = cleanText(run.bundle.targets()->Get(run.program.target())->name());
  object["compulsory_bytes"] = profile.compulsoryBytes();
  object["compulsory_read_bytes"] = profile.compulsoryReadBytes;
  object["compulsory_written_bytes"] = profile.compulsoryWrittenBytes;
  object["dram_over_compulsory"] =
      ratio(static_cast<double>(run.stats.dramBytes), static_cast<double>(profile.compulsoryBytes()));
  object["roofline"] = Object{{"matrix_seconds", roofline.matrixSeconds},
                              {"vector_seconds", roofline.vectorSeconds},
                              {"memory_seconds", roofline.memorySeconds},
                              {"bound_seconds", roofline.bound()},
                              {"limit", std::string(roofline.limit())},
                              {"share_reached", ratio(roofline.bound(), run.stats.modelledSeconds)}};
  object["bottleneck"] = std::string(emulator::nameOf(profile.bottleneck()));
  object["compute_seconds"] = profile.computeSeconds;
  object["memory_seconds"] = profile.memorySeconds;
  object["latency_seconds"] = profile.latencySeconds;
  object["matrix_utilisation"] = profile.matrixUtilisation;
  object["engine_balance"] = profile.engineBalance;
  Array memories;
  for (const emulator::Occupancy &occupancy : profile.occupancy)
    memories.push_back(Object{{"name", nameOf(occupancy)}, {"peak_live_bytes", occupancy.peak()}});
  object["memories"] = std::move(memories);
  object["lines"] = linesJson(run);
  return object;
}

} // namespace rblnc::report
