// A decoded program: what the emulator executes.
#pragma once

#include "units/Units.h"
#include "units/VectorPlan.h"

#include "rblnc/bundle/Commands.h"
#include "rblnc/support/Diagnostic.h"

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace rblnc::emulator {

struct SkipCommand : CommandBase {
  uint32_t reg;
  bool whenZero;
  uint32_t count;
};
struct SignalCommand : CommandBase {
  uint32_t semaphore;
};
struct WaitCommand : CommandBase {
  uint32_t semaphore;
  uint32_t value;
};

inline SkipCommand decode(const bundle::Skip &skip) { return {{}, skip.register_(), skip.when_zero(), skip.count()}; }
inline SignalCommand decode(const bundle::Signal &signal) { return {{}, signal.semaphore()}; }
inline WaitCommand decode(const bundle::Wait &wait) { return {{}, wait.semaphore(), wait.value()}; }

/// Where a command of a program is kept: vector programs are large beside all others.
template <typename Command> struct Held {
  using type = Command;
};
template <> struct Held<VectorCommand> {
  using type = std::unique_ptr<VectorCommand>;
};

template <typename, typename... Commands> struct BodyOf {
  using type = std::variant<typename Held<Commands>::type...>;
};
/// What decode gives for each kind of command.
using DecodedBody = BodyOf<void
#define RBLNC_COMMAND(Kind) , decltype(decode(std::declval<const bundle::Kind &>()))
#include "rblnc/bundle/Commands.inc"
#undef RBLNC_COMMAND
                           >::type;

struct DecodedCommand {
  /// The command as the bundle has it, for checks, timing and messages.
  const bundle::Command *source;
  DecodedBody body;

  /// What `visitor` gives for the body, of whatever kind it is.
  template <typename Visitor> auto visit(Visitor &&visitor) const {
    return std::visit(bundle::Overloaded{[&](const std::unique_ptr<VectorCommand> &vector) { return visitor(*vector); },
                                         [&](const auto &command) { return visitor(command); }},
                      body);
  }
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
