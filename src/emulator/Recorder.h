// Counts what a run does, and feeds the timing model.
#pragma once

#include "Observer.h"
#include "Timing.h"

#include "rblnc/emulator/Result.h"

namespace rblnc::emulator {

class Recorder : public Observer {
public:
  explicit Recorder(const DecodedProgram &program) : program(program), executed(program.queues.size()) {}

  void beforeCommand(CommandPlace place, llvm::ArrayRef<int64_t> registers) override;
  void afterSkip(CommandPlace place, uint32_t reg, uint32_t skipped) override;
  void afterSignal(CommandPlace place, uint32_t semaphore) override;
  void afterWait(CommandPlace place, uint32_t semaphore, uint32_t value) override;

  /// Everything, once the run is over.
  RunStats finish();

private:
  const DecodedCommand &at(CommandPlace place) const { return program.queues[place.queue].commands[place.command]; }
  void addSync(CommandPlace place);

  const DecodedProgram &program;
  RunStats stats;
  std::vector<std::vector<TimedCommand>> executed;
};

} // namespace rblnc::emulator
