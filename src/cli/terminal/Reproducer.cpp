// The crash handler. It runs in a signal handler, so it only makes system calls and reads memory prepared before.
#include "Reproducer.h"

#include "rblnc/driver/ExitCode.h"
#include "rblnc/driver/Version.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace rblnc::cli {
namespace {

struct Slot {
  const char *name = nullptr;
  const char *data = nullptr;
  size_t size = 0;
};

std::array<Slot, 8> slots;
// The command line and the version as text, made at start-up.
char commandText[8192];
size_t commandSize = 0;
// "<TMPDIR>/rblnc-reproducer-XXXXXX"
char folderTemplate[1024];
// The kernel's own stack may be what overflowed.
alignas(16) char signalStack[1 << 16];

#if defined(__SANITIZE_ADDRESS__) || (defined(__has_feature) && __has_feature(address_sanitizer))
constexpr bool isSanitized = true;
#else
constexpr bool isSanitized = false;
#endif

void writeAll(int descriptor, const char *data, size_t size) {
  while (size > 0) {
    ssize_t put = ::write(descriptor, data, size);
    if (put <= 0)
      return;
    data += put;
    size -= static_cast<size_t>(put);
  }
}

void say(const char *text) { writeAll(STDERR_FILENO, text, std::strlen(text)); }

void writeIn(const char *folder, const char *name, const char *data, size_t size) {
  char path[1200];
  size_t folderSize = std::strlen(folder), nameSize = std::strlen(name);
  if (folderSize + nameSize + 2 > sizeof path)
    return;
  std::memcpy(path, folder, folderSize);
  path[folderSize] = '/';
  std::memcpy(path + folderSize + 1, name, nameSize + 1);
  int descriptor = ::open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (descriptor < 0)
    return;
  writeAll(descriptor, data, size);
  ::close(descriptor);
}

/// Makes the folder at `path`, which holds the template; false when that fails.
bool makeFolder(char *path) {
  if (!::mkdtemp(path))
    return false;
  writeIn(path, "command.txt", commandText, commandSize);
  for (const Slot &slot : slots)
    if (slot.name)
      writeIn(path, slot.name, slot.data, slot.size);
  return true;
}

void onCrash(int signal) {
  static volatile sig_atomic_t isRunning = 0;
  if (isRunning)
    ::_exit(exitInternal);
  isRunning = 1;
  static char folder[sizeof folderTemplate];
  std::memcpy(folder, folderTemplate, sizeof folder);
  bool made = makeFolder(folder);
  say("rblnc: error: internal error: signal ");
  const char digits[] = {static_cast<char>('0' + signal / 10 % 10), static_cast<char>('0' + signal % 10), 0};
  say(digits);
  say(" [RBLN-X001]\n  fix: this is a defect of rblnc; please report it");
  if (made) {
    say(" with the folder ");
    say(folder);
  }
  say("\n");
  ::_exit(exitInternal);
}

void appendCommand(std::string_view text) {
  size_t size = std::min(text.size(), sizeof commandText - commandSize);
  std::memcpy(commandText + commandSize, text.data(), size);
  commandSize += size;
}

} // namespace

void installCrashHandler(int argc, char **argv) {
  appendCommand(versionText());
  for (int i = 0; i < argc; ++i) {
    appendCommand(i ? " '" : "'");
    appendCommand(argv[i]);
    appendCommand("'");
  }
  appendCommand("\n");
  const char *directory = std::getenv("TMPDIR");
  if (!directory || !*directory || std::strlen(directory) > 512)
    directory = "/tmp";
  std::snprintf(folderTemplate, sizeof folderTemplate, "%s/rblnc-reproducer-XXXXXX", directory);

  // A sanitizer says more about a crash.
  if (isSanitized)
    return;
  stack_t stack{};
  stack.ss_sp = signalStack;
  stack.ss_size = sizeof signalStack;
  ::sigaltstack(&stack, nullptr);
  struct sigaction action{};
  action.sa_handler = onCrash;
  action.sa_flags = SA_ONSTACK | SA_RESETHAND;
  for (int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL})
    ::sigaction(signal, &action, nullptr);
}

CrashFile::CrashFile(const char *name, std::string_view bytes) : slot(-1) {
  for (size_t i = 0; i < slots.size(); ++i)
    if (!slots[i].name) {
      slots[i] = {name, bytes.data(), bytes.size()};
      slot = static_cast<int>(i);
      return;
    }
}

CrashFile::~CrashFile() {
  if (slot >= 0)
    slots[static_cast<size_t>(slot)] = {};
}

std::string leaveReproducer() {
  char folder[sizeof folderTemplate];
  std::memcpy(folder, folderTemplate, sizeof folder);
  return makeFolder(folder) ? folder : "";
}

} // namespace rblnc::cli
