// Collects what the checks find and words it with the command, the buffer and the Python line.
#pragma once

#include "program/Program.h"

#include <map>

namespace rblnc::emulator {

class Findings {
public:
  explicit Findings(const DecodedProgram &program) : program(program) {}

  /// Adds a finding at a command, unless there are enough of its code already. `with` is another command that has to do
  /// with it; `what` says how.
  void add(Code code, Severity severity, CommandPlace place, std::string message, std::string fix = {},
           std::optional<CommandPlace> with = {}, std::string what = {});
  /// "byte 96 of scratchpad 0 (buffer 'acc')".
  std::string nameOfByte(bundle::Memory memory, uint32_t unit, int64_t byte) const;
  std::vector<Diagnostic> take() { return std::move(list); }

private:
  const DecodedProgram &program;
  std::vector<Diagnostic> list;
  std::map<Code, size_t> counts;
};

} // namespace rblnc::emulator
