// A trace for Perfetto. The field numbers are those of protos/perfetto/trace in https://github.com/google/perfetto.
#include "Names.h"
#include "Protobuf.h"

#include <fmt/format.h>

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
  eventCounterValue = 30
};
enum AnnotationField : uint32_t { annotationUint = 3, annotationString = 6, annotationName = 10 };
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
  for (size_t i = 0; i < run.profile.slices.size(); ++i) {
    const emulator::Slice &slice = run.profile.slices[i];
    const bundle::Command &command = commandOf(run, slice);
    uint64_t track = firstQueue + slice.queue;
    Message begin = event(sliceBegin, track);
    // The vendor's form: sequence index, name, index of the command.
    begin.text(eventName, fmt::format("{}_{}_{}", places[i], operationName(run.bundle, command), slice.command));
    begin.text(eventCategory, categoryOf(run.stats.queues[slice.queue].name));
    annotate(begin, "python", placeOf(run.bundle, command.line()));
    annotate(begin, "transfer_bytes", slice.movedBytes);
    annotate(begin, "dram_bytes", slice.dramBytes);
    annotate(begin, "flops", slice.flops);
    annotate(begin, "vector_ops", slice.vectorOps);
    annotate(begin, "stalled_ns", nanoseconds(slice.stalled));
    trace.addEvent(slice.begin, begin);
    trace.addEvent(slice.end, event(sliceEnd, track));
  }
  for (size_t i = 0; i < run.profile.occupancy.size(); ++i)
    for (const emulator::Occupancy::Point &point : run.profile.occupancy[i].points)
      trace.addEvent(point.seconds, event(counterChange, firstCounter + i).number(eventCounterValue, point.bytes));
  return trace.take();
}

} // namespace rblnc::report
