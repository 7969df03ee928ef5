// Counts what a run does, and feeds the timing model.
#pragma once

#include "Profiler.h"
#include "Timing.h"
#include "program/Observer.h"

#include "rblnc/bundle/Figures.h"
#include "rblnc/emulator/Result.h"

namespace rblnc::emulator {

class Recorder : public Observer {
public:
  /// `profiles`: also keeps what a Profile needs.
  Recorder(const DecodedProgram &program, bool profiles)
      : program(program), model(bundle::thaw(program.target())), executed(program.queues.size()) {
    if (profiles)
      profiler.emplace(program, model);
  }

  void beforeCommand(CommandPlace place, const Touched &touched) override;
  void afterSkip(CommandPlace place, uint32_t reg, uint32_t skipped) override;
  void afterSignal(CommandPlace place, uint32_t semaphore) override;
  void afterWait(CommandPlace place, uint32_t semaphore, uint32_t value) override;

  /// Everything, once the run is over.
  RunResult finish();

private:
  const DecodedCommand &at(CommandPlace place) const { return program.queues[place.queue].commands[place.command]; }
  void add(CommandPlace place, const Touched &touched);
  void addSync(CommandPlace place);

  const DecodedProgram &program;
  CostModel model;
  RunStats stats;
  std::vector<std::vector<TimedCommand>> executed;
  std::optional<Profiler> profiler;
};

} // namespace rblnc::emulator
