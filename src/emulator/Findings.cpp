#include "Findings.h"

#include "rblnc/bundle/Describe.h"
#include "rblnc/emulator/Result.h"

#include <algorithm>
#include <fmt/format.h>

namespace rblnc::emulator {

void Findings::add(Code code, Severity severity, CommandPlace place, std::string message, std::string fix,
                   std::optional<CommandPlace> with, std::string what) {
  if (++counts[code] > RunResult::maxFindings)
    return;
  Diagnostic diagnostic{code,           severity, nameOf(program, place) + " " + message, framesOf(program, place),
                        std::move(fix), {}};
  if (with)
    diagnostic.notes.push_back({nameOf(program, *with) + " " + what, framesOf(program, *with)});
  list.push_back(std::move(diagnostic));
}

std::string Findings::nameOfByte(bundle::Memory memory, uint32_t unit, int64_t byte) const {
  std::string name = fmt::format("byte {} of {}", byte, bundle::nameOf(memory, unit));
  if (memory == bundle::Memory::dram && program.bundle->signature())
    for (const bundle::Argument *argument : *program.bundle->signature())
      if (argument->region() == unit)
        return fmt::format("byte {} of argument '{}'", byte, argument->name()->str());
  // Buffers may share memory one after the other, so several can have the byte; all are named.
  std::vector<std::string> buffers;
  if (memory != bundle::Memory::dram && program.program->buffers())
    for (const bundle::Buffer *buffer : *program.program->buffers())
      if (buffer->memory() == memory && buffer->unit() == unit && byte >= buffer->offset() &&
          byte - buffer->offset() < buffer->bytes() && buffer->name() && buffer->name()->size() && buffers.size() < 4)
        buffers.push_back("'" + buffer->name()->str() + "'");
  std::sort(buffers.begin(), buffers.end());
  buffers.erase(std::unique(buffers.begin(), buffers.end()), buffers.end());
  return buffers.empty()
             ? name
             : fmt::format("{} ({} {})", name, buffers.size() > 1 ? "buffers" : "buffer", fmt::join(buffers, ", "));
}

} // namespace rblnc::emulator
