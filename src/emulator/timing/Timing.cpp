#include "Timing.h"

namespace rblnc::emulator {

TimedCommand timed(const DecodedCommand &command, const Touched &touched, const CostModel &model) {
  TimedCommand result;
  result.cost = command.visit([&](const auto &body) { return body.cost(model, touched); });
  if (auto *wait = std::get_if<WaitCommand>(&command.body)) {
    result.kind = TimedCommand::Wait;
    result.semaphore = wait->semaphore;
    result.value = wait->value;
  } else if (auto *signal = std::get_if<SignalCommand>(&command.body)) {
    result.kind = TimedCommand::Signal;
    result.semaphore = signal->semaphore;
  }
  return result;
}

} // namespace rblnc::emulator
