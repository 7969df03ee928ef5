// The page of a run: its data.
#include "Names.h"
#include "Template.h"

#include "rblnc/bundle/Describe.h"
#include "rblnc/bundle/Disassemble.h"

#include <map>

namespace rblnc::report {
namespace {

using llvm::json::Array;
using llvm::json::Object;

/// Texts that many rows share, by number.
class TextTable {
public:
  size_t indexOf(const std::string &text) {
    auto [entry, isNew] = index.try_emplace(text, texts.size());
    if (isNew)
      texts.push_back(text);
    return entry->second;
  }
  size_t size() const { return texts.size(); }
  Array json() const { return Array(texts); }

private:
  std::vector<std::string> texts;
  std::map<std::string, size_t> index;
};

void addSlices(const ProfiledRun &run, Object &data) {
  const std::vector<emulator::Slice> &slices = run.profile.slices;
  std::vector<size_t> places = sequenceOf(slices);
  TextTable names, lines;
  Array kinds, rows;
  for (size_t i = 0; i < slices.size(); ++i) {
    const emulator::Slice &slice = slices[i];
    const bundle::Command &command = commandOf(run, slice);
    size_t name = names.indexOf(bundle::operationName(run.bundle, command));
    if (name == kinds.size())
      kinds.push_back(std::string(bundle::kindOf(command.body_type())));
    uint64_t begin = nanoseconds(slice.begin);
    rows.push_back(Array{slice.queue, begin, nanoseconds(slice.end) - begin, name,
                         lines.indexOf(placeOf(run.bundle, command.line())), slice.command, slice.dramBytes,
                         slice.movedBytes, slice.flops, slice.vectorOps, nanoseconds(slice.stalled), places[i]});
  }
  data["names"] = names.json();
  data["kinds"] = std::move(kinds);
  data["places"] = lines.json();
  data["slices"] = std::move(rows);
}

Array occupancyJson(const ProfiledRun &run, const bundle::Target &target) {
  Array result;
  for (const emulator::Occupancy &occupancy : run.profile.occupancy) {
    Array points;
    for (const emulator::Occupancy::Point &point : occupancy.points)
      points.push_back(Array{nanoseconds(point.seconds), point.bytes});
    result.push_back(Object{{"name", nameOf(occupancy)},
                            {"capacity", occupancy.isShared ? target.shared_bytes() : target.scratchpad_bytes()},
                            {"points", std::move(points)}});
  }
  return result;
}

Object dataJson(const ProfiledRun &run) {
  const bundle::Target &target = *run.bundle.targets()->Get(run.program.target());
  Array queues;
  for (const emulator::QueueStats &queue : run.stats.queues)
    queues.push_back(queue.name);
  Object data{{"stats", statisticsJson(run)},
              {"target", Object{{"engines", target.engines()},
                                {"scratchpad_bytes", target.scratchpad_bytes()},
                                {"dram_bytes_per_second", target.dram_bytes_per_second()},
                                {"matmul_flops_per_second", target.matmul_flops_per_second() * target.engines()},
                                {"vector_ops_per_second", target.vector_ops_per_second() * target.engines()}}},
              {"queues", std::move(queues)},
              {"occupancy", occupancyJson(run, target)}};
  addSlices(run, data);
  return data;
}

} // namespace

std::string htmlPage(const ProfiledRun &run) { return fillTemplate("page.html", dataJson(run)); }

} // namespace rblnc::report
