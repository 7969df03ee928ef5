#include "Program.h"

#include "rblnc/bundle/Describe.h"

#include <fmt/format.h>

namespace rblnc::emulator {
namespace {

template <typename Command> DecodedBody held(Command command) {
  if constexpr (std::is_same_v<typename Held<Command>::type, Command>)
    return command;
  else
    return std::make_unique<Command>(std::move(command));
}

DecodedBody decodeBody(const bundle::Command &command) {
  return bundle::visit(
      command, [](const auto &body) { return held(decode(body)); },
      // The verifier lets no such command pass; one that skips nothing is harmless.
      []() -> DecodedBody { return SkipCommand{{}, 0, false, 0}; });
}

} // namespace

DecodedProgram DecodedProgram::decode(const bundle::Bundle &bundle, const bundle::Program &program) {
  DecodedProgram result{&bundle, &program, {}};
  if (program.queues())
    for (const bundle::Queue *queue : *program.queues()) {
      DecodedQueue &decoded = result.queues.emplace_back(DecodedQueue{queue->unit(), queue->index(), {}});
      if (queue->commands())
        for (const bundle::Command *command : *queue->commands())
          decoded.commands.push_back({command, decodeBody(*command)});
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
