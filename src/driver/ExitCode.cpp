// What exit status diagnostics lead to.
#include "rblnc/driver/ExitCode.h"

namespace rblnc {

ExitCode exitCodeFor(const std::vector<Diagnostic> &diagnostics) {
  // From the mildest to the worst; an internal error outranks everything that was found before it.
  auto rank = [](ExitCode code) {
    return code == exitInterrupted ? 4 : code == exitInternal ? 3 : code == exitBadBundle ? 2 : code != exitDone;
  };
  ExitCode result = exitDone;
  for (const Diagnostic &diagnostic : diagnostics) {
    if (diagnostic.severity != Severity::Error)
      continue;
    ExitCode code = exitRejected;
    char category = infoOf(diagnostic.code).category();
    if (category == 'X')
      code = exitInternal;
    else if (category == 'B')
      code = exitBadBundle;
    else if (diagnostic.code == Code::R011 || diagnostic.code == Code::R016)
      code = exitDiffers;
    else if (diagnostic.code == Code::R015)
      code = exitInterrupted;
    if (result == exitDone || rank(code) > rank(result))
      result = code;
  }
  return result;
}

} // namespace rblnc
