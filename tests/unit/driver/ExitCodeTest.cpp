// The exit status of mixed findings: the worst decides, in whatever order they were found.
#include "rblnc/driver/ExitCode.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace rblnc;

namespace {

struct Finding {
  Code code;
  Severity severity;
  ExitCode status;
};

/// One of each status that errors lead to, and each severity that leads to none.
const Finding findings[] = {{Code::C001, Severity::Warning, exitDone},     {Code::X001, Severity::Warning, exitDone},
                            {Code::B010, Severity::Note, exitDone},        {Code::C001, Severity::Error, exitRejected},
                            {Code::R004, Severity::Error, exitRejected},   {Code::W001, Severity::Error, exitRejected},
                            {Code::R011, Severity::Error, exitDiffers},    {Code::R016, Severity::Error, exitDiffers},
                            {Code::B010, Severity::Error, exitBadBundle},  {Code::X001, Severity::Error, exitInternal},
                            {Code::R015, Severity::Error, exitInterrupted}};

int rankOf(ExitCode status) {
  const ExitCode order[] = {exitDone, exitBadBundle, exitInternal, exitInterrupted};
  auto found = std::find(std::begin(order), std::end(order), status);
  // What was rejected and what differs are equally bad: the first of them decides.
  return found == std::end(order) ? 1 : found == order ? 0 : static_cast<int>(found - order) + 1;
}

Diagnostic diagnosticOf(const Finding &finding) {
  Diagnostic diagnostic;
  diagnostic.code = finding.code;
  diagnostic.severity = finding.severity;
  return diagnostic;
}

} // namespace

TEST_CASE("each finding alone has its status", "[driver]") {
  CHECK(exitCodeFor({}) == exitDone);
  for (const Finding &finding : findings) {
    INFO(infoOf(finding.code).name);
    CHECK(exitCodeFor({diagnosticOf(finding)}) == finding.status);
  }
}

TEST_CASE("of two and of three findings the worst decides, the first of equally bad ones", "[driver]") {
  auto worse = [](ExitCode before, ExitCode after) { return rankOf(after) > rankOf(before) ? after : before; };
  for (const Finding &a : findings)
    for (const Finding &b : findings) {
      ExitCode two = worse(a.status, b.status);
      INFO(infoOf(a.code).name << ", " << infoOf(b.code).name);
      CHECK(exitCodeFor({diagnosticOf(a), diagnosticOf(b)}) == two);
      for (const Finding &c : findings)
        CHECK(exitCodeFor({diagnosticOf(a), diagnosticOf(b), diagnosticOf(c)}) == worse(two, c.status));
    }
}
