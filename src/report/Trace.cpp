// A trace for Perfetto. The field numbers are those of protos/perfetto/trace in https://github.com/google/perfetto.
#include "Names.h"
#include "Protobuf.h"

#include "rblnc/bundle/Disassemble.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>

namespace rblnc::report {
namespace {

enum TraceField : uint32_t { tracePacket = 1 };
enum PacketField : uint32_t {
  timestamp = 8,
  sequenceId = 10,
  trackEvent = 11,
  sequenceFlags = 13,
  trackDescriptor = 60
};
enum TrackField : uint32_t { trackUuid = 1, trackName = 2, trackProcess = 3, trackParent = 5, trackCounter = 8 };
enum ProcessField : uint32_t { processId = 1, processName = 6 };
enum CounterField : uint32_t { counterUnit = 3 };
enum EventField : uint32_t {
  eventAnnotation = 4,
  eventType = 9,
  eventTrack = 11,
  eventCategory = 22,
  eventName = 23,
  eventCounterValue = 30,
  eventFlow = 47,
  eventTerminatingFlow = 48
};
enum AnnotationField : uint32_t { annotationUint = 3, annotationString = 6, annotationName = 10, annotationArray = 12 };
enum EventType : uint64_t { sliceBegin = 1, sliceEnd = 2, counterChange = 4 };
constexpr uint64_t unitSizeBytes = 3;
constexpr uint64_t incrementalStateCleared = 1;
/// Of the whole run, which stands as a process; queues and counters follow.
constexpr uint64_t processTrack = 1;

class Trace {
public:
  void addTrack(const Message &descriptor) {
    Message packet;
    packet.number(sequenceId, 1);
    if (trace.bytes.empty())
      packet.number(sequenceFlags, incrementalStateCleared);
    trace.message(tracePacket, packet.message(trackDescriptor, descriptor));
  }
  void addEvent(double seconds, const Message &event) {
    Message packet;
    packet.number(timestamp, nanoseconds(seconds)).number(sequenceId, 1);
    trace.message(tracePacket, packet.message(trackEvent, event));
  }
  std::string take() { return std::move(trace.bytes); }

private:
  Message trace;
};

Message event(EventType type, uint64_t track) { return Message().number(eventType, type).number(eventTrack, track); }

void annotate(Message &event, std::string_view name, std::string_view value) {
  if (!value.empty())
    event.message(eventAnnotation, Message().text(annotationName, name).text(annotationString, value));
}
void annotate(Message &event, std::string_view name, uint64_t value) {
  if (value)
    event.message(eventAnnotation, Message().text(annotationName, name).number(annotationUint, value));
}

/// As the vendor's profiler has its figures: a list of texts.
void annotateList(Message &event, std::string_view name, const std::string &value) {
  event.message(eventAnnotation,
                Message().text(annotationName, name).message(annotationArray, Message().text(annotationString, value)));
}

/// Of an engine whose vector unit takes one line of a scratchpad a cycle; no clock rate is published.
uint64_t cyclesOf(const bundle::Target &target, double seconds) {
  double linesPerSecond = target.vector_ops_per_second() / std::max<double>(target.line_elements(), 1);
  return static_cast<uint64_t>(std::llround(seconds * linesPerSecond));
}

/// For each slice the arrows that start or end there: from the signal that let a wait go on to the wait. An arrow is
/// named by the place of the wait's slice, and 1 for the first, since 0 is no name.
struct Flows {
  std::vector<std::vector<uint64_t>> leaving;
  std::vector<uint64_t> arriving; ///< 0: none
};

Flows flowsOf(const ProfiledRun &run) {
  const std::vector<emulator::Slice> &slices = run.profile.slices;
  // A wait for n goes on when its semaphore has been signalled n times.
  std::map<uint32_t, std::vector<size_t>> signals;
  for (size_t i = 0; i < slices.size(); ++i)
    if (const bundle::Signal *signal = commandOf(run, slices[i]).body_as_Signal())
      signals[signal->semaphore()].push_back(i);
  for (auto &[semaphore, places] : signals)
    std::stable_sort(places.begin(), places.end(), [&](size_t a, size_t b) { return slices[a].end < slices[b].end; });
  Flows flows{std::vector<std::vector<uint64_t>>(slices.size()), std::vector<uint64_t>(slices.size())};
  for (size_t i = 0; i < slices.size(); ++i) {
    const bundle::Wait *wait = commandOf(run, slices[i]).body_as_Wait();
    if (!wait || wait->value() == 0)
      continue;
    const std::vector<size_t> &places = signals[wait->semaphore()];
    if (wait->value() > places.size())
      continue;
    flows.leaving[places[wait->value() - 1]].push_back(i + 1);
    flows.arriving[i] = i + 1;
  }
  return flows;
}

/// The vendor's profiler has one category for all units of a kind: the track's name without its number.
std::string_view categoryOf(std::string_view track) { return track.substr(0, track.find_last_of(' ')); }

} // namespace

std::string perfettoTrace(const ProfiledRun &run) {
  Trace trace;
  const bundle::Target &target = *run.bundle.targets()->Get(run.program.target());
  std::string title = fmt::format("{} on {} (modelled)", cleanText(run.program.kernel()), cleanText(target.name()));
  trace.addTrack(Message()
                     .number(trackUuid, processTrack)
                     .message(trackProcess, Message().number(processId, 1).text(processName, title)));
  uint64_t firstQueue = processTrack + 1, firstCounter = firstQueue + run.stats.queues.size();
  for (size_t q = 0; q < run.stats.queues.size(); ++q)
    trace.addTrack(Message()
                       .number(trackUuid, firstQueue + q)
                       .text(trackName, run.stats.queues[q].name)
                       .number(trackParent, processTrack));
  for (size_t i = 0; i < run.profile.occupancy.size(); ++i)
    trace.addTrack(Message()
                       .number(trackUuid, firstCounter + i)
                       .text(trackName, nameOf(run.profile.occupancy[i]))
                       .number(trackParent, processTrack)
                       .message(trackCounter, Message().number(counterUnit, unitSizeBytes)));

  std::vector<size_t> places = sequenceOf(run.profile.slices);
  Flows flows = flowsOf(run);
  for (size_t i = 0; i < run.profile.slices.size(); ++i) {
    const emulator::Slice &slice = run.profile.slices[i];
    const bundle::Command &command = commandOf(run, slice);
    uint64_t track = firstQueue + slice.queue;
    Message begin = event(sliceBegin, track);
    // The vendor's form: sequence index, name, index of the command.
    begin.text(eventName,
               fmt::format("{}_{}_{}", places[i], bundle::operationName(run.bundle, command), slice.command));
    begin.text(eventCategory, categoryOf(run.stats.queues[slice.queue].name));
    annotate(begin, "python", placeOf(run.bundle, command.line()));
    annotate(begin, "transfer_bytes", slice.movedBytes);
    if (slice.movedBytes)
      annotateList(begin, "transfer", fmt::format(":{}Byte", slice.movedBytes));
    if (slice.flops || slice.vectorOps)
      annotateList(begin, "comp_cycle", std::to_string(cyclesOf(target, slice.seconds())));
    annotate(begin, "dram_bytes", slice.dramBytes);
    annotate(begin, "flops", slice.flops);
    annotate(begin, "vector_ops", slice.vectorOps);
    annotate(begin, "stalled_ns", nanoseconds(slice.stalled));
    for (uint64_t flow : flows.leaving[i])
      begin.fixed(eventFlow, flow);
    if (flows.arriving[i])
      begin.fixed(eventTerminatingFlow, flows.arriving[i]);
    trace.addEvent(slice.begin, begin);
    trace.addEvent(slice.end, event(sliceEnd, track));
  }
  for (size_t i = 0; i < run.profile.occupancy.size(); ++i)
    for (const emulator::Occupancy::Point &point : run.profile.occupancy[i].points)
      trace.addEvent(point.seconds, event(counterChange, firstCounter + i).number(eventCounterValue, point.bytes));
  return trace.take();
}

} // namespace rblnc::report
