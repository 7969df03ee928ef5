#include "Program.h"

#include "rblnc/bundle/Describe.h"

#include <fmt/format.h>

namespace rblnc::emulator {
namespace {

DecodedCommand decodeCommand(const bundle::Command &command) {
  using bundle::CommandBody;
  switch (command.body_type()) {
  case CommandBody::Dma:
    return {&command, DmaCommand::decode(*command.body_as_Dma())};
  case CommandBody::Matmul:
    return {&command, MatmulCommand::decode(*command.body_as_Matmul())};
  case CommandBody::Vector:
    return {&command, std::make_unique<VectorCommand>(VectorCommand::decode(*command.body_as_Vector()))};
  case CommandBody::LoadScalar:
    return {&command, LoadScalarCommand::decode(*command.body_as_LoadScalar())};
  case CommandBody::Skip: {
    const bundle::Skip &skip = *command.body_as_Skip();
    return {&command, SkipCommand{skip.register_(), skip.when_zero(), skip.count()}};
  }
  case CommandBody::Signal:
    return {&command, SignalCommand{command.body_as_Signal()->semaphore()}};
  case CommandBody::Wait:
    return {&command, WaitCommand{command.body_as_Wait()->semaphore(), command.body_as_Wait()->value()}};
  case CommandBody::NONE:
    break;
  }
  // The verifier lets no such command pass; one that skips nothing is harmless.
  return {&command, SkipCommand{0, false, 0}};
}

} // namespace

DecodedProgram DecodedProgram::decode(const bundle::Bundle &bundle, const bundle::Program &program) {
  DecodedProgram result{&bundle, &program, {}};
  if (program.queues())
    for (const bundle::Queue *queue : *program.queues()) {
      DecodedQueue &decoded = result.queues.emplace_back(DecodedQueue{queue->unit(), queue->index(), {}});
      if (queue->commands())
        for (const bundle::Command *command : *queue->commands())
          decoded.commands.push_back(decodeCommand(*command));
    }
  return result;
}

std::string nameOf(const DecodedProgram &program, CommandPlace place) {
  const DecodedQueue &queue = program.queues[place.queue];
  return fmt::format("command {} of {} ({})", place.command, bundle::nameOf(queue.unit, queue.index),
                     bundle::kindOf(queue.commands[place.command].source->body_type()));
}

std::vector<SourceFrame> framesOf(const DecodedProgram &program, CommandPlace place) {
  return bundle::framesOf(*program.bundle, program.queues[place.queue].commands[place.command].source->line());
}

} // namespace rblnc::emulator
