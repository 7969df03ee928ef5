// The crash handler, tried in child processes.
#include "terminal/Reproducer.h"

#include "../support/Scratch.h"
#include "rblnc/driver/ExitCode.h"

#include <catch2/catch.hpp>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <functional>
#include <sys/wait.h>

using namespace rblnc;
using namespace rblnc::cli;
using rblnc::test::Scratch;

namespace {

/// Runs `body` in a child with the crash handler installed; its exit status, and -1 when a signal ended it.
int statusOf(const Scratch &scratch, const std::function<void()> &body) {
  pid_t child = ::fork();
  if (child == 0) {
    int log = ::open(scratch.path("stderr").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(log, STDERR_FILENO);
    ::setenv("TMPDIR", scratch.path("").c_str(), 1);
    char name[] = "rblnc", command[] = "compile";
    char *arguments[] = {name, command};
    installCrashHandler(2, arguments);
    body();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// The contents of a file of the one reproducer folder.
std::string inFolder(const Scratch &scratch, const std::string &file) {
  for (const auto &entry : std::filesystem::directory_iterator(scratch.path("")))
    if (entry.path().filename().string().starts_with("rblnc-reproducer-"))
      return rblnc::test::readAll((entry.path() / file).string());
  return "there is no folder";
}

/// Overflows the stack; the count never gets there.
[[gnu::noinline, maybe_unused]] int recurse(int depth) {
  volatile char frame[4096];
  frame[0] = static_cast<char>(depth);
  return depth == INT_MAX ? 0 : recurse(depth + 1) + frame[0];
}

} // namespace

#if !defined(__SANITIZE_ADDRESS__) && !(defined(__has_feature) && __has_feature(address_sanitizer))

TEST_CASE("X001: a crash leaves the input and the command, and ends with the status for internal errors") {
  for (const auto &crash :
       {std::function<void()>([] { std::abort(); }), std::function<void()>([] { ::raise(SIGSEGV); }),
        std::function<void()>([] { std::terminate(); }), std::function<void()>([] {
          volatile int result = recurse(0);
          (void)result;
        })}) {
    Scratch scratch;
    int status = statusOf(scratch, [&] {
      CrashFile file("input", "the kernel");
      crash();
    });
    CHECK(status == exitInternal);
    CHECK(inFolder(scratch, "input") == "the kernel");
    CHECK(inFolder(scratch, "command.txt").find("'rblnc' 'compile'") != std::string::npos);
    std::string said = rblnc::test::readAll(scratch.path("stderr"));
    CHECK(said.find("[RBLN-X001]") != std::string::npos);
    CHECK(said.find("rblnc-reproducer-") != std::string::npos);
  }
}

#endif

TEST_CASE("a reproducer can be left without a crash, and holds only what is alive") {
  Scratch scratch;
  int status = statusOf(scratch, [] {
    {
      CrashFile gone("gone", "x");
    }
    CrashFile file("input", "the kernel");
    if (leaveReproducer().empty())
      ::_exit(1);
  });
  CHECK(status == 0);
  CHECK(inFolder(scratch, "input") == "the kernel");
  CHECK(inFolder(scratch, "gone").empty());
}
