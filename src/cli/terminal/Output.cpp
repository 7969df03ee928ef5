// Printing.
#include "Output.h"

#include "Attended.h"
#include "Reproducer.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace rblnc::cli {

namespace {

/// Of the first write to standard output that failed: the stream only remembers that there was one.
int outputError = 0;
int asideError = 0;

void keep(bool isWritten, int &error) {
  if (!isWritten && !error)
    error = errno;
}

void flush() { keep(std::fflush(stdout) == 0, outputError); }

} // namespace

void prepareStreams() {
  std::signal(SIGPIPE, SIG_IGN);
  for (int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) != -1 || errno != EBADF)
      continue;
    // Reads of input and writes of results fail; what is said on standard error is lost as it would be.
    int opened = ::open("/dev/null", descriptor == STDOUT_FILENO ? O_RDONLY : O_WRONLY);
    if (opened >= 0 && opened != descriptor) {
      ::dup2(opened, descriptor);
      ::close(opened);
    }
  }
}

void print(std::string_view text) {
  clearProgress();
  keep(std::fwrite(text.data(), 1, text.size(), stdout) == text.size(), outputError);
}

void printAside(std::string_view text) {
  clearProgress();
  keep(std::fwrite(text.data(), 1, text.size(), stderr) == text.size(), asideError);
}

int finishOutput(int status) {
  flush();
  if (outputError)
    std::fprintf(stderr, "rblnc: error: standard output cannot be written: %s\n", std::strerror(outputError));
  return status == exitDone && (outputError || asideError) ? exitRejected : status;
}

void note(std::string_view text) {
  clearProgress();
  std::fprintf(stderr, "rblnc: note: %.*s\n", static_cast<int>(text.size()), text.data());
}

int report(const Diagnostics &diagnostics) {
  clearProgress();
  flush();
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
  clearProgress();
  flush();
  std::fprintf(stderr, "rblnc: error: %.*s\n", static_cast<int>(message.size()), message.data());
  return exitUsage;
}

} // namespace rblnc::cli
