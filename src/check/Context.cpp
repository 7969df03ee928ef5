// Collecting what rules report, one diagnostic for all that unrolling repeats.
#include "rblnc/triton/Location.h"

#include "Rule.h"

#include <utility>

namespace rblnc::rules {

void Context::report(mlir::Location location, Finding finding) {
  std::vector<SourceFrame> frames = framesOf(location);
  std::string key(infoOf(current->code).name);
  if (!frames.empty())
    key += "|" + frames.front().file + "|" + std::to_string(frames.front().line);
  key += "|" + finding.subject;
  auto [place, isNew] = places.try_emplace(key, pending.size());
  if (!isNew) {
    ++pending[place->second].count;
    return;
  }
  Diagnostic diagnostic;
  diagnostic.code = current->code;
  diagnostic.severity = infoOf(current->code).isWarning() ? Severity::Warning : Severity::Error;
  diagnostic.message = std::move(finding.message);
  diagnostic.frames = std::move(frames);
  diagnostic.fix = std::move(finding.fix);
  diagnostic.notes = std::move(finding.notes);
  pending.push_back({std::move(diagnostic)});
}

void Context::flush() {
  for (Pending &entry : pending) {
    Diagnostic &diagnostic = entry.diagnostic;
    if (entry.count > 1) {
      diagnostic.notes.push_back(
          {"found " + std::to_string(entry.count) + " times" + (diagnostic.frames.empty() ? "" : " at this line"), {}});
    }
    diagnostics.report(std::move(diagnostic));
  }
  pending.clear();
  places.clear();
}

} // namespace rblnc::rules
