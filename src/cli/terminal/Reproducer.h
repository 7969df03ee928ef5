// When rblnc itself fails it leaves a folder with everything that is needed to repeat the failure.
#pragma once

#include <string>
#include <string_view>

namespace rblnc::cli {

/// From now on a crash (a signal, an abort, an uncaught exception) leaves a reproducer folder, names it on standard
/// error and ends the process with status 70.
void installCrashHandler(int argc, char **argv);

/// Names a file that the reproducer folder holds if there is a crash while this object lives: the input, and the last
/// IR that was complete. The bytes must live as long.
class CrashFile {
public:
  CrashFile(const char *name, std::string_view bytes);
  ~CrashFile();
  CrashFile(const CrashFile &) = delete;
  CrashFile &operator=(const CrashFile &) = delete;

private:
  int slot;
};

/// Writes the folder without crashing and returns its path; empty when it cannot be made.
std::string leaveReproducer();

} // namespace rblnc::cli
