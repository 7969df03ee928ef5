#include "Progress.h"

#include "terminal/Text.h"

#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

namespace rblnc::cli::batch {

Progress::Progress(const std::vector<Record> &records, bool isQuiet)
    : records(records), isQuiet(isQuiet), isTerminal(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() { clearLine(); }

void Progress::update() {
  ++done;
  while (said < records.size() && records[said].outcome)
    say(records[said++]);
  showLine();
}

void Progress::finish() {
  for (; said < records.size(); ++said)
    if (records[said].outcome)
      say(records[said]);
  clearLine();
}

void Progress::say(const Record &record) {
  const Outcome &outcome = *record.outcome;
  if (outcome.diagnostics.empty() && (isTerminal || isQuiet))
    return;
  clearLine();
  std::string text;
  if (!isQuiet)
    text = fmt::format("{}: {}{}\n", record.job->name, nameOf(outcome.state), outcome.isCached ? ", cached" : "");
  for (const Diagnostic &diagnostic : outcome.diagnostics)
    if (!isQuiet || diagnostic.severity == Severity::Error)
      text += formatText(diagnostic);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void Progress::showLine() {
  if (!isTerminal || isQuiet)
    return;
  size_t refused = 0;
  for (size_t i = 0; i < records.size(); ++i)
    refused += records[i].outcome && records[i].outcome->state != State::ok;
  std::string line = fmt::format("[{}/{}]", done, records.size());
  if (refused)
    line += fmt::format(" {} not ok", refused);
  if (said < records.size())
    line += " " + records[said].job->name;
  line.resize(std::min(line.size(), terminalWidth() - 1));
  fmt::print(stderr, "\r\x1b[K{}", line);
  std::fflush(stderr);
  isLineShown = true;
}

void Progress::clearLine() {
  if (isLineShown)
    std::fputs("\r\x1b[K", stderr);
  isLineShown = false;
}

} // namespace rblnc::cli::batch
