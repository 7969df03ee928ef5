// A decoded program: what the emulator executes.
#pragma once

#include "units/Units.h"
#include "units/VectorPlan.h"

#include "rblnc/bundle/bundle_generated.h"
#include "rblnc/support/Diagnostic.h"

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace rblnc::emulator {

struct SkipCommand {
  uint32_t reg;
  bool whenZero;
  uint32_t count;
};
struct SignalCommand {
  uint32_t semaphore;
};
struct WaitCommand {
  uint32_t semaphore;
  uint32_t value;
};

struct DecodedCommand {
  /// The command as the bundle has it, for checks, timing and messages.
  const bundle::Command *source;
  std::variant<DmaCommand, MatmulCommand, std::unique_ptr<VectorCommand>, LoadScalarCommand, SkipCommand, SignalCommand,
               WaitCommand>
      body;
};

struct DecodedQueue {
  bundle::Unit unit;
  uint32_t index;
  std::vector<DecodedCommand> commands;
};

struct DecodedProgram {
  const bundle::Bundle *bundle;
  const bundle::Program *program;
  std::vector<DecodedQueue> queues;

  const bundle::Target &target() const { return *bundle->targets()->Get(program->target()); }
  size_t registerCount() const { return program->registers() ? program->registers()->size() : 0; }

  static DecodedProgram decode(const bundle::Bundle &bundle, const bundle::Program &program);
};

/// A place in a program.
struct CommandPlace {
  uint32_t queue = 0;
  uint32_t command = 0;
};

/// "command 12 of neural_engine 0 (matmul)".
std::string nameOf(const DecodedProgram &program, CommandPlace place);
std::vector<SourceFrame> framesOf(const DecodedProgram &program, CommandPlace place);

} // namespace rblnc::emulator
