// rblnc: ahead-of-time compiler for Triton kernels on the RBLN NPU.
#include "Reproducer.h"
#include "Subcommands.h"

#include <cstdio>

int main(int argc, char **argv) {
  rblnc::cli::installCrashHandler(argc, argv);
  int status = rblnc::cli::runCommandLine(argc, argv);
  // A result that could not be written (a full disk) must not look like success.
  if (std::fflush(stdout) != 0 && status == 0) {
    std::perror("rblnc: error: standard output cannot be written");
    return 1;
  }
  return status;
}
