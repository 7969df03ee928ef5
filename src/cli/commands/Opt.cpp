// rblnc opt: reads a module, verifies it and prints it. What the tests of the dialects use.
#include "Subcommands.h"
#include "files/Files.h"
#include "options/Options.h"
#include "rblnc/driver/Compiler.h"
#include "rblnc/frontend/Frontend.h"
#include "rblnc/support/File.h"
#include "terminal/Help.h"
#include "terminal/Output.h"
#include "terminal/Reproducer.h"

namespace rblnc::cli {
namespace {

struct Options {
  std::string input;
  std::string output = "-";
  bool normalise = false;
  bool generic = false;
  bool locations = false;
};

int optimise(const Options &options) {
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
  auto text = reprint(*input, options.normalise, options.generic, options.locations, diagnostics, noteStep);
  if (int status = report(diagnostics))
    return status;
  return text ? report(writeFileAtomically(options.output, *text)) : exitInternal;
}

} // namespace

std::function<int()> setupOpt(CLI::App &app) {
  auto options = std::make_shared<Options>();
  app.add_option("IN", options->input, "A module in any dialect of the chain; - for standard input")->required();
  addFile(app, "-o,--output", options->output, "Where the text goes; - for standard output")->capture_default_str();
  app.add_flag("--normalise", options->normalise, "Inline, fold and remove what is dead, as compile does first");
  app.add_flag("--generic", options->generic, "Print every operation in MLIR's generic form");
  app.add_flag("--locations", options->locations, "Print where in the Python source every operation comes from");
  addExamples(app, {{"rblnc opt kernel.ttir --normalise", "what compile starts from"},
                    {"rblnc opt kernel.mlir --locations -o again.mlir", "the same module with its Python lines"}});
  return [options] { return optimise(*options); };
}

} // namespace rblnc::cli
