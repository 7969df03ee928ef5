#include "rblnc/bundle/Describe.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

#include <algorithm>
#include <fmt/format.h>

namespace rblnc::bundle {

std::string nameOf(Unit unit, uint32_t index) {
  constexpr std::string_view names[] = {"command_processor", "neural_engine", "neural_dma", "task_dma"};
  auto number = static_cast<size_t>(unit);
  return fmt::format("{} {}", number < std::size(names) ? names[number] : "unknown unit", index);
}

std::string_view kindOf(CommandBody kind) {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> names{"unknown"};
    for (CommandBody kind : EnumValuesCommandBody())
      if (kind != CommandBody::NONE) {
        std::string &name = names.emplace_back();
        for (char c : std::string_view(EnumNameCommandBody(kind))) {
          if (llvm::isUpper(c) && !name.empty())
            name += '_';
          name += llvm::toLower(c);
        }
      }
    return names;
  }();
  auto number = static_cast<size_t>(kind);
  return names[number < names.size() ? number : 0];
}

std::string nameOf(Memory memory, uint32_t unit) {
  switch (memory) {
  case Memory::dram:
    return fmt::format("DRAM region {}", unit);
  case Memory::shared:
    return "shared SRAM";
  case Memory::scratchpad:
    return fmt::format("scratchpad {}", unit);
  }
  return "unknown memory";
}

std::string nameOfByte(const Bundle &bundle, const Program &program, Memory memory, uint32_t unit, int64_t byte) {
  std::string name = fmt::format("byte {} of {}", byte, nameOf(memory, unit));
  if (memory == Memory::dram && bundle.signature())
    for (const Argument *argument : *bundle.signature())
      if (argument->region() == unit)
        return fmt::format("byte {} of argument '{}'", byte, argument->name()->str());
  // Buffers may share memory one after the other, so several can have the byte; all are named.
  std::vector<std::string> buffers;
  if (memory != Memory::dram && program.buffers())
    for (const Buffer *buffer : *program.buffers())
      if (buffer->memory() == memory && buffer->unit() == unit && byte >= buffer->offset() &&
          byte - buffer->offset() < buffer->bytes() && buffer->name() && buffer->name()->size() && buffers.size() < 4)
        buffers.push_back("'" + buffer->name()->str() + "'");
  std::sort(buffers.begin(), buffers.end());
  buffers.erase(std::unique(buffers.begin(), buffers.end()), buffers.end());
  return buffers.empty()
             ? name
             : fmt::format("{} ({} {})", name, buffers.size() > 1 ? "buffers" : "buffer", fmt::join(buffers, ", "));
}

std::string cleanText(std::string_view text) {
  std::string out = llvm::json::fixUTF8(llvm::StringRef(text.data(), text.size()));
  for (char &c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      c = '?';
  return out;
}

std::string cleanText(const flatbuffers::String *text) { return text ? cleanText(text->string_view()) : ""; }

std::vector<SourceFrame> framesOf(const Bundle &bundle, uint32_t line) {
  std::vector<SourceFrame> result;
  if (!bundle.lines() || line >= bundle.lines()->size())
    return result;
  const Line *entry = bundle.lines()->Get(line);
  if (!entry->frames())
    return result;
  // A hostile table may be shared and long; no honest place has as many frames as this.
  constexpr uint32_t most = 64;
  auto text = [](const flatbuffers::String *string) { return string ? string->str() : std::string(); };
  for (const Frame *frame : *entry->frames()) {
    if (result.size() == most)
      break;
    result.push_back({text(frame->file()), frame->line(), frame->column(), text(frame->name())});
  }
  return result;
}

} // namespace rblnc::bundle
