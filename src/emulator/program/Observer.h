// What watches a run: the checks, the statistics and the timing model. The machine tells each of them what happens, in
// the order in which it happens; none of them changes what is computed.
#pragma once

#include "Program.h"

namespace rblnc::emulator {

class Observer {
public:
  virtual ~Observer() = default;
  /// A command that moves or computes is about to be executed, and will touch this.
  virtual void beforeCommand(CommandPlace place, const Touched &touched) {}
  virtual void afterCommand(CommandPlace place, const Outcome &outcome) {}
  virtual void afterLoadScalar(CommandPlace place, uint32_t reg) {}
  /// A skip was decided; `skipped` commands of the queue are passed over.
  virtual void afterSkip(CommandPlace place, uint32_t reg, uint32_t skipped) {}
  virtual void afterSignal(CommandPlace place, uint32_t semaphore) {}
  /// A wait has been passed.
  virtual void afterWait(CommandPlace place, uint32_t semaphore, uint32_t value) {}
};

} // namespace rblnc::emulator
