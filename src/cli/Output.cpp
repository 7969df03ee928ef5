// Printing.
#include "Output.h"

#include "Reproducer.h"

#include "llvm/ADT/StringRef.h"

#include <algorithm>
#include <cstdio>
#include <spdlog/spdlog.h>

namespace rblnc::cli {

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void note(std::string_view text) {
  std::fprintf(stderr, "rblnc: note: %.*s\n", static_cast<int>(text.size()), text.data());
}

void noteStep(const StepReport &step) { spdlog::debug("{}: {:.3f} ms", step.name, step.milliseconds); }

int report(const Diagnostics &diagnostics) {
  std::fflush(stdout);
  for (const Diagnostic &diagnostic : diagnostics.all()) {
    std::string text = formatText(diagnostic);
    std::fwrite(text.data(), 1, text.size(), stderr);
  }
  ExitCode status = exitCodeFor(diagnostics.all());
  if (status == exitInternal)
    noteReproducer();
  return status;
}

void noteReproducer() {
  std::string folder = leaveReproducer();
  note(folder.empty() ? "no folder for a reproducer could be made" : "what is needed to repeat this is in " + folder);
}

int report(const Diagnostic &diagnostic) {
  Diagnostics list;
  list.report(diagnostic);
  return report(list);
}

int report(llvm::Error error) { return error ? report(toDiagnostic(std::move(error))) : exitDone; }

int usageError(std::string_view message) {
  std::fflush(stdout);
  std::fprintf(stderr, "rblnc: error: %.*s\n", static_cast<int>(message.size()), message.data());
  return exitUsage;
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view> &candidates) {
  // A third of the letters may differ, or two of a short word.
  unsigned limit = std::max<unsigned>(2, static_cast<unsigned>(word.size() / 3));
  std::string_view best;
  unsigned bestDistance = limit + 1;
  for (std::string_view candidate : candidates) {
    unsigned distance = llvm::StringRef(word.data(), word.size())
                            .edit_distance(llvm::StringRef(candidate.data(), candidate.size()), true, limit);
    if (distance < bestDistance && distance < candidate.size()) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

std::string didYouMean(std::string_view word, const std::vector<std::string_view> &candidates) {
  std::string_view name = nearest(word, candidates);
  return name.empty() ? "" : "; did you mean '" + std::string(name) + "'?";
}

} // namespace rblnc::cli
