// Somebody sits at the terminal: Ctrl-C ends what goes on, and work that takes long says how far it is.
#pragma once

#include "rblnc/support/Watch.h"

namespace rblnc::cli {

/// Attends to what this thread does, as long as it lives. Ctrl-C stops work that asks (exit status 130 with RBLN-R015),
/// and ends the program with that status where nothing asks, or the second time. When standard error is a terminal,
/// work of more than two seconds is shown there.
class Attended {
public:
  Attended();
  ~Attended();
  Attended(const Attended &) = delete;
  Attended &operator=(const Attended &) = delete;

private:
  Watch watch;
  WatchScope scope;
};

/// Makes room for other output where progress is shown.
void clearProgress();

} // namespace rblnc::cli
