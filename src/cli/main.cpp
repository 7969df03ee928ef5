// rblnc: ahead-of-time compiler for Triton kernels on the RBLN NPU.
#include "commands/Subcommands.h"
#include "terminal/Output.h"
#include "terminal/Reproducer.h"

int main(int argc, char **argv) {
  rblnc::cli::prepareStreams();
  rblnc::cli::installCrashHandler(argc, argv);
  return rblnc::cli::finishOutput(rblnc::cli::runCommandLine(argc, argv));
}
