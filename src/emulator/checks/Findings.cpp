#include "Findings.h"

#include "rblnc/bundle/Describe.h"
#include "rblnc/emulator/Result.h"

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
  return bundle::nameOfByte(*program.bundle, *program.program, memory, unit, byte);
}

} // namespace rblnc::emulator
