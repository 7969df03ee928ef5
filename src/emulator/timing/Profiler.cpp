#include "Profiler.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace rblnc::emulator {
namespace {

/// For each entry of the bundle's line table the first one with the same file and line of the user's frame.
std::vector<uint32_t> firstOfSameLine(const bundle::Bundle &bundle) {
  std::vector<uint32_t> result;
  std::map<std::pair<std::string_view, uint32_t>, uint32_t> known;
  for (uint32_t i = 0, count = bundle.lines() ? bundle.lines()->size() : 0; i < count; ++i) {
    std::pair<std::string_view, uint32_t> place;
    const auto *frames = bundle.lines()->Get(i)->frames();
    if (frames && frames->size() && frames->Get(0)->file() && frames->Get(0)->file()->size())
      place = {frames->Get(0)->file()->string_view(), frames->Get(0)->line()};
    result.push_back(known.try_emplace(place, i).first->second);
  }
  return result;
}

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

} // namespace

void Profiler::touch(uint32_t queue, const Touched &touched) {
  for (const Footprint &footprint : touched.footprints) {
    compulsory.touch(footprint);
    live.touch(footprint, queue, slices[queue].size());
  }
}

void Profiler::add(CommandPlace place, const Cost &cost) {
  Slice slice;
  slice.queue = place.queue;
  slice.command = place.command;
  slice.dramBytes = cost.dramBytes;
  slice.movedBytes = cost.movedBytes;
  slice.flops = cost.flops;
  slice.vectorOps = cost.vectorOps;
  slices[place.queue].push_back(slice);
}

Profile Profiler::finish(const Simulation &times) {
  for (size_t q = 0; q < slices.size(); ++q)
    for (size_t i = 0; i < slices[q].size(); ++i) {
      slices[q][i].begin = times.commands[q][i].begin;
      slices[q][i].end = times.commands[q][i].end;
      slices[q][i].stalled = times.commands[q][i].stalled;
    }
  Profile profile;
  profile.compulsoryReadBytes = compulsory.read();
  profile.compulsoryWrittenBytes = compulsory.written();
  profile.roofline = roofline();
  profile.matrixUtilisation = ratio(profile.roofline.matrixSeconds, times.seconds);
  profile.engineBalance = engineBalance();
  for (const QueueTimes &queue : times.queues)
    profile.computeSeconds = std::max(profile.computeSeconds, queue.computeSeconds);
  profile.memorySeconds = times.memorySeconds;
  profile.latencySeconds = times.latencySeconds;
  profile.lines = lines(times);
  profile.occupancy = live.finish(slices);
  for (auto &queue : slices)
    profile.slices.insert(profile.slices.end(), queue.begin(), queue.end());
  return profile;
}

Roofline Profiler::roofline() const {
  double matrix = 0, vector = 0;
  eachSlice([&](const Slice &slice) {
    if (auto *matmul = std::get_if<MatmulCommand>(&at(slice).body))
      matrix += static_cast<double>(slice.flops) / matmul->rate(model);
    vector += static_cast<double>(slice.vectorOps) / model.vectorOperationsPerSecond;
  });
  auto bytes = static_cast<double>(compulsory.read() + compulsory.written());
  return {matrix / model.engines, vector / model.engines, bytes / model.dramBytesPerSecond};
}

double Profiler::engineBalance() const {
  std::vector<double> seconds(program.target().engines());
  eachSlice([&](const Slice &slice) {
    const DecodedQueue &queue = program.queues[slice.queue];
    if (queue.unit == bundle::Unit::neural_engine && queue.index < seconds.size() &&
        (slice.flops > 0 || slice.vectorOps > 0))
      seconds[queue.index] += slice.seconds();
  });
  double sum = 0, most = 0;
  for (double value : seconds) {
    sum += value;
    most = std::max(most, value);
  }
  return most > 0 ? sum / (most * static_cast<double>(seconds.size())) : 1;
}

std::vector<LineProfile> Profiler::lines(const Simulation &times) const {
  std::vector<uint32_t> first = firstOfSameLine(*program.bundle);
  std::map<uint32_t, LineProfile> byLine;
  for (size_t q = 0; q < slices.size(); ++q)
    for (size_t i = 0; i < slices[q].size(); ++i) {
      const Slice &slice = slices[q][i];
      uint32_t line = at(slice).source->line();
      LineProfile &entry = byLine[line < first.size() ? first[line] : 0];
      ++entry.commands;
      entry.dmaBytes += slice.movedBytes;
      entry.dramBytes += slice.dramBytes;
      entry.flops += slice.flops;
      entry.vectorOps += slice.vectorOps;
      entry.seconds += times.commands[q][i].share;
      entry.busySeconds += slice.seconds() - slice.stalled;
    }
  std::vector<LineProfile> result;
  for (auto &[line, entry] : byLine) {
    entry.line = line;
    result.push_back(entry);
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const LineProfile &a, const LineProfile &b) { return a.seconds > b.seconds; });
  return result;
}

} // namespace rblnc::emulator
