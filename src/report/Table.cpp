// The statistics for a terminal.
#include "Names.h"

#include <array>
#include <fmt/format.h>

namespace rblnc::report {
namespace {

std::string scaled(double value, std::string_view unit, double step, const std::array<std::string_view, 4> &prefixes) {
  size_t i = 0;
  for (; i + 1 < prefixes.size() && value >= step; ++i)
    value /= step;
  return i == 0 ? fmt::format("{:g} {}", value, unit) : fmt::format("{:.2f} {}{}", value, prefixes[i], unit);
}

std::string bytesText(uint64_t bytes) { return scaled(static_cast<double>(bytes), "B", 1024, {"", "Ki", "Mi", "Gi"}); }
std::string countText(uint64_t count, std::string_view unit) {
  return scaled(static_cast<double>(count), unit, 1000, {"", "k", "M", "G"});
}
std::string timeText(double seconds) {
  return seconds >= 1e-3 ? fmt::format("{:.3f} ms", seconds * 1e3) : fmt::format("{:.3f} us", seconds * 1e6);
}
double percent(double part, double whole) { return whole > 0 ? 100 * part / whole : 0; }

std::string summary(const ProfiledRun &run) {
  const emulator::Profile &profile = run.profile;
  const emulator::RunStats &stats = run.stats;
  double bound = profile.roofline.bound();
  std::string out = fmt::format("{} on {}\n", cleanText(run.program.kernel()),
                                cleanText(run.bundle.targets()->Get(run.program.target())->name()));
  auto row = [&](std::string_view name, const std::string &text) { out += fmt::format("  {:<14}{}\n", name, text); };
  row("modelled time", timeText(stats.modelledSeconds));
  row("roofline", fmt::format("{} ({}), {:.1f} % reached", timeText(bound), profile.roofline.limit(),
                              percent(bound, stats.modelledSeconds)));
  row("bottleneck", fmt::format("{}: the busiest engine computes {}, memory moves {}, neither {}",
                                emulator::nameOf(profile.bottleneck()), timeText(profile.computeSeconds),
                                timeText(profile.memorySeconds), timeText(profile.latencySeconds)));
  row("matrix",
      fmt::format("{}, {:.1f} % of the peak", countText(stats.matmulFlops, "FLOP"), 100 * profile.matrixUtilisation));
  row("vector", countText(stats.vectorOps, "op"));
  row("DRAM", fmt::format("{} of {} compulsory (read {}, written {}){}", bytesText(stats.dramBytes),
                          bytesText(profile.compulsoryBytes()), bytesText(profile.compulsoryReadBytes),
                          bytesText(profile.compulsoryWrittenBytes),
                          profile.compulsoryBytes()
                              ? fmt::format(": {:.3f} times", static_cast<double>(stats.dramBytes) /
                                                                  static_cast<double>(profile.compulsoryBytes()))
                              : ""));
  row("layout", fmt::format("{} changes, {}", stats.layoutChanges, bytesText(stats.layoutChangeBytes)));
  row("engines", fmt::format("{:.1f} % balanced", 100 * profile.engineBalance));
  row("scratchpad", fmt::format("{} at the peak; shared SRAM {}", bytesText(stats.peakScratchpadBytes),
                                bytesText(stats.peakSharedBytes)));
  return out;
}

} // namespace

std::string statisticsTable(const ProfiledRun &run) {
  std::string out = summary(run);
  double whole = run.stats.modelledSeconds;
  out += fmt::format("\n{:<28}{:>10}{:>13}{:>13}{:>13}\n", "unit", "commands", "busy us", "computes us", "stalled us");
  for (const emulator::QueueStats &queue : run.stats.queues)
    out += fmt::format("{:<28}{:>10}{:>13.3f}{:>13.3f}{:>13.3f}\n", queue.name, queue.commands, queue.busySeconds * 1e6,
                       queue.computeSeconds * 1e6, queue.stalledSeconds * 1e6);
  out += fmt::format("\n{:<32}{:>12}{:>7}{:>12}{:>10}{:>14}{:>15}{:>14}\n", "line", "time us", "%", "busy us",
                     "commands", "DRAM bytes", "flops", "vector ops");
  for (const emulator::LineProfile &line : run.profile.lines) {
    std::string place = placeOf(run.bundle, line.line);
    out += fmt::format("{:<32}{:>12.3f}{:>7.1f}{:>12.3f}{:>10}{:>14}{:>15}{:>14}\n", place.empty() ? "-" : place,
                       line.seconds * 1e6, percent(line.seconds, whole), line.busySeconds * 1e6, line.commands,
                       line.dramBytes, line.flops, line.vectorOps);
  }
  return out;
}

} // namespace rblnc::report
