// rblnc opt: reads a module, verifies it, runs single passes on it and prints it. What the tests of the dialects and of
// the passes use.
#include "Subcommands.h"
#include "files/Files.h"
#include "options/Command.h"
#include "options/KernelOptions.h"
#include "options/TargetOptions.h"
#include "rblnc/driver/Compiler.h"
#include "rblnc/frontend/Frontend.h"
#include "rblnc/support/File.h"
#include "rblnc/support/Spelling.h"
#include "terminal/Log.h"
#include "terminal/Output.h"
#include "terminal/Reproducer.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rblnc::cli {
namespace {

struct Options {
  std::string input;
  std::string output = "-";
  bool normalise = false;
  ReprintOptions reprint;
  TargetOptions targets;
};

std::string passNames() { return fmt::format("{}", fmt::join(singlePasses(), ", ")); }

/// Gives the exit status, with the error reported.
int fill(Options &options) {
  auto known = singlePasses();
  for (const std::string &name : options.reprint.passes)
    if (std::find(known.begin(), known.end(), name) == known.end())
      return usageError("--passes: there is no pass '" + name + "'; there are " + passNames() +
                        didYouMean(name, {known.begin(), known.end()}));
  if (options.normalise)
    options.reprint.passes.insert(options.reprint.passes.begin(), "simplify");
  std::vector<Target> targets;
  if (int status = options.targets.resolve(targets))
    return status;
  if (targets.size() > 1)
    return usageError("passes run for one target");
  options.reprint.target = targets.front();
  options.reprint.onStep = logStep;
  return exitDone;
}

int optimise(Options &options) {
  if (int status = fill(options))
    return status;
  Files files;
  files.read(options.input, "the input");
  if (auto conflict = files.write(options.output, "the output"))
    return usageError(*conflict);
  if (int status = report(checkWritable(options.output)))
    return status;
  Diagnostics diagnostics;
  auto input = readInput(options.input, diagnostics);
  if (!input)
    return report(diagnostics);
  CrashFile inputFile("input", {input->text().data(), input->text().size()});
  auto text = reprint(*input, options.reprint, diagnostics);
  if (int status = report(diagnostics))
    return status;
  return text ? report(writeFileAtomically(options.output, *text)) : exitInternal;
}

} // namespace

std::function<int()> setupOpt(Command &command) {
  auto options = std::make_shared<Options>();
  command.option("IN", options->input, "A module in any dialect of the chain; - for standard input").required();
  command.file("-o,--output", options->output, "Where the text goes; - for standard output").showDefault();
  command.flag("--normalise", options->normalise, "Inline, fold and remove what is dead, as compile does first");
  command.commaList("--passes", options->reprint.passes, "Run these on the module, in this order: " + passNames(),
                    "PASS");
  options->targets.addTo(command,
                         "The chip that passes of planning plan for (default " + defaultTargetName.str() + ")");
  addPlanOptions(command, options->reprint.plan);
  command.flag("--generic", options->reprint.genericForm, "Print every operation in MLIR's generic form");
  command.flag("--locations", options->reprint.locations,
               "Print where in the Python source every operation comes from");
  command.examples({{"rblnc opt kernel.ttir --normalise", "what compile starts from"},
                    {"rblnc opt kernel.ttir --passes=simplify,lower,expand,split", "how the kernel is tiled"},
                    {"rblnc opt kernel.mlir --locations -o again.mlir", "the same module with its Python lines"}});
  return [options] { return optimise(*options); };
}

} // namespace rblnc::cli
