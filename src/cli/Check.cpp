// rblnc check: kernels against the rules, without compiling them.
#include "Help.h"
#include "KernelOptions.h"
#include "Options.h"
#include "Output.h"
#include "Reproducer.h"
#include "Subcommands.h"
#include "TargetOptions.h"
#include "rblnc/driver/Compiler.h"
#include "rblnc/driver/Version.h"
#include "rblnc/frontend/Frontend.h"
#include "rblnc/report/Findings.h"

namespace rblnc::cli {
namespace {

struct Options {
  std::vector<std::string> inputs;
  KernelOptions kernel;
  TargetOptions targets;
  report::FindingsFormat format = report::FindingsFormat::text;
};

int checkAll(const Options &options) {
  CompileOptions compileOptions;
  compileOptions.onStep = noteStep;
  if (int status = options.kernel.fill(compileOptions))
    return status;
  if (options.targets.isGiven())
    if (int status = options.targets.resolve(compileOptions.targets))
      return status;
  std::vector<report::InputFindings> findings;
  std::vector<Diagnostic> all;
  for (const std::string &path : options.inputs) {
    Diagnostics diagnostics;
    auto input = readInput(path, diagnostics);
    CrashFile inputFile("input", input ? std::string_view(input->text().data(), input->text().size()) : "");
    if (input)
      checkKernel(*input, compileOptions, diagnostics);
    all.insert(all.end(), diagnostics.all().begin(), diagnostics.all().end());
    findings.push_back({path == "-" ? "<stdin>" : path, diagnostics.all()});
    if (options.format == report::FindingsFormat::text)
      report(diagnostics);
    else if (exitCodeFor(diagnostics.all()) == exitInternal)
      noteReproducer();
  }
  if (options.format != report::FindingsFormat::text)
    print(report::formatFindings(options.format, findings, {versionNumber(), "rblnc check"}));
  return exitCodeFor(all);
}

} // namespace

std::function<int()> setupCheck(CLI::App &app) {
  auto options = std::make_shared<Options>();
  app.add_option("IN", options->inputs, "Kernels in Triton's IR; - for standard input")->required();
  options->kernel.addSpecialisation(app);
  options->targets.addTo(app, "Plan the kernel for these chips too, so that what does not fit them is found");
  app.add_flag("--strict", options->kernel.strict, "Warnings are errors");
  std::vector<std::pair<std::string_view, report::FindingsFormat>> formats;
  for (std::string_view name : report::findingsFormatNames())
    formats.emplace_back(name, *report::findingsFormatFromName(name));
  addChoice<report::FindingsFormat>(app, "--format", options->format, formats,
                                    "text (on standard error), or json, sarif, github or junit on standard output",
                                    "FORMAT");
  addExamples(app, {{"rblnc check kernel.ttir", "every rule that it breaks, and what to write instead"},
                    {"rblnc check kernel.ttir --bind rows=128 --target=rbln-ca25", "of these sizes, on this chip"},
                    {"rblnc check *.ttir --format=sarif > findings.sarif", "for a code host or an editor"}});
  return [options] { return checkAll(*options); };
}

} // namespace rblnc::cli
