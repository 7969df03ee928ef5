#include "Names.h"

#include "rblnc/bundle/Describe.h"

#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace rblnc::report {
namespace {

/// More are left out of a name: it has to be read at a glance.
constexpr size_t maxFusedNames = 5;

std::string argumentOf(const bundle::Bundle &bundle, uint32_t region) {
  if (bundle.signature())
    for (const bundle::Argument *argument : *bundle.signature())
      if (argument->region() == region)
        return cleanText(argument->name());
  return bundle::EnumNameRegionKind(bundle.regions()->Get(region)->kind());
}

std::string transferName(const bundle::Bundle &bundle, const bundle::Dma &dma) {
  bool loads = dma.source()->memory() == bundle::Memory::dram;
  bool stores = dma.destination()->memory() == bundle::Memory::dram;
  if (dma.layout_change())
    return "layout_change";
  if (loads == stores)
    return "copy";
  return loads ? fmt::format("load({})", argumentOf(bundle, dma.source()->unit()))
               : fmt::format("store({})", argumentOf(bundle, dma.destination()->unit()));
}

std::string vectorName(const bundle::Vector &vector) {
  llvm::SmallVector<std::string, 8> names;
  auto add = [&](std::string name) {
    if (std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(std::move(name));
  };
  if (vector.steps())
    for (const bundle::VectorStep *step : *vector.steps()) {
      if (const bundle::Reduction *reduction = step->reduction())
        add(reduction->simple() ? fmt::format("reduce_{}", EnumNameOp(reduction->op())) : "reduce");
      else if (const bundle::Instruction *instruction = step->instruction();
               instruction && instruction->op() != bundle::Op::constant)
        add(EnumNameOp(instruction->op()));
    }
  if (names.size() <= 1)
    return names.empty() ? "vector" : names.front();
  size_t shown = std::min(names.size(), maxFusedNames);
  return fmt::format("fused({}{})", fmt::join(names.begin(), names.begin() + static_cast<ptrdiff_t>(shown), "+"),
                     names.size() > shown ? fmt::format("+{} more", names.size() - shown) : "");
}

} // namespace

std::string cleanText(std::string_view text) {
  std::string out = llvm::json::fixUTF8(llvm::StringRef(text.data(), text.size()));
  for (char &c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      c = '?';
  return out;
}

std::string cleanText(const flatbuffers::String *text) { return text ? cleanText(text->string_view()) : ""; }

const bundle::Command &commandOf(const ProfiledRun &run, const emulator::Slice &slice) {
  return *run.program.queues()->Get(slice.queue)->commands()->Get(slice.command);
}

std::string operationName(const bundle::Bundle &bundle, const bundle::Command &command) {
  if (const bundle::Dma *dma = command.body_as_Dma())
    return transferName(bundle, *dma);
  if (const bundle::Vector *vector = command.body_as_Vector())
    return vectorName(*vector);
  return std::string(bundle::kindOf(command.body_type()));
}

std::string placeOf(const bundle::Bundle &bundle, uint32_t line) {
  std::vector<SourceFrame> frames = bundle::framesOf(bundle, line);
  if (frames.empty() || frames.front().file.empty())
    return "";
  return fmt::format("{}:{}", cleanText(frames.front().file), frames.front().line);
}

std::string nameOf(const emulator::Occupancy &occupancy) {
  return occupancy.isShared ? "Shared SRAM" : fmt::format("Scratchpad {}", occupancy.unit);
}

std::vector<size_t> sequenceOf(const std::vector<emulator::Slice> &slices) {
  std::vector<size_t> order(slices.size()), places(slices.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return slices[a].begin < slices[b].begin; });
  for (size_t i = 0; i < order.size(); ++i)
    places[order[i]] = i;
  return places;
}

uint64_t nanoseconds(double seconds) { return static_cast<uint64_t>(std::llround(seconds * 1e9)); }

} // namespace rblnc::report
