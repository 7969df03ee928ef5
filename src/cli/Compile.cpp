// rblnc compile: a kernel to a bundle, or to one of the forms on the way.
#include "Output.h"
#include "Reproducer.h"
#include "StepOptions.h"
#include "Subcommands.h"
#include "TargetOptions.h"
#include "rblnc/cli/Argument.h"
#include "rblnc/driver/Compiler.h"
#include "rblnc/driver/Version.h"
#include "rblnc/frontend/Frontend.h"
#include "rblnc/support/File.h"

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

namespace rblnc::cli {
namespace {

struct Options {
  std::string input;
  std::string output;
  TargetOptions targets;
  StepOptions steps;
  Emit emit = Emit::bundle;
  std::vector<std::string> binds;
  std::vector<std::string> shapes;
  bool strict = false;
  bool naivePartitionSkip = false;
  Split split = Split::automatic;
};

/// "kernel.raw.ttir" to "kernel.raw.rbln", in the folder of the input. Only bundles have a default name; IR is printed.
std::string defaultOutput(const Options &options) {
  if (options.emit != Emit::bundle || options.input == "-")
    return "-";
  size_t slash = options.input.rfind('/');
  size_t dot = options.input.rfind('.');
  bool hasExtension = dot != std::string::npos && (slash == std::string::npos || dot > slash + 1) && dot != 0;
  return (hasExtension ? options.input.substr(0, dot) : options.input) + ".rbln";
}

/// Fills the maps of `compile` from NAME=VALUE options; the exit status when one cannot be read.
int readAssignments(const Options &options, CompileOptions &result) {
  for (const std::string &text : options.binds) {
    size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
      return usageError("--bind takes NAME=VALUE, not '" + text + "'");
    if (!result.binds.emplace(text.substr(0, equals), text.substr(equals + 1)).second)
      return usageError("--bind is given twice for '" + text.substr(0, equals) + "'");
  }
  for (const std::string &text : options.shapes) {
    size_t equals = text.find('=');
    auto shape = equals == std::string::npos || equals == 0 ? std::nullopt : parseShape(text.substr(equals + 1));
    if (!shape || std::find(shape->begin(), shape->end(), 0) != shape->end())
      return usageError("--shape takes NAME=2x16x8, not '" + text + "'");
    if (!result.shapes.emplace(text.substr(0, equals), std::move(*shape)).second)
      return usageError("--shape is given twice for '" + text.substr(0, equals) + "'");
  }
  return exitDone;
}

int compileToFile(Options &options) {
  CompileOptions compileOptions;
  compileOptions.strict = options.strict;
  compileOptions.emit = options.emit;
  compileOptions.naivePartitionSkip = options.naivePartitionSkip;
  compileOptions.plan.split = options.split;
  compileOptions.producer = producerName();
  compileOptions.onStep = options.steps.observer();
  if (int status = readAssignments(options, compileOptions))
    return status;
  if (int status = options.targets.resolve(compileOptions.targets))
    return status;
  if (int status = options.steps.validate())
    return status;
  if (options.emit == Emit::npu && compileOptions.targets.size() > 1)
    return usageError("--emit=npu prints the program of one target");
  std::string output = options.output.empty() ? defaultOutput(options) : options.output;
  if (output == options.input && output != "-")
    return usageError("the output '" + output + "' is the input");
  if (int status = report(checkWritable(output)))
    return status;

  Diagnostics diagnostics;
  auto input = readInput(options.input, diagnostics);
  if (!input)
    return report(diagnostics);
  if (int status = options.steps.prepare())
    return status;
  CrashFile inputFile("input", {input->text().data(), input->text().size()});
  std::string lastIR;
  auto result = compile(*input, compileOptions, diagnostics, &lastIR);
  CrashFile irFile("last.mlir", lastIR);
  int status = options.steps.finish();
  if (int failed = report(diagnostics))
    return failed;
  if (status)
    return status;
  if (!result)
    return exitInternal;
  spdlog::debug("writing {} bytes to {}", result->size(), output);
  return report(writeFileAtomically(output, *result));
}

} // namespace

std::function<int()> setupCompile(CLI::App &app) {
  static const std::map<std::string, Emit> forms = {
      {"bundle", Emit::bundle}, {"rbln-ir", Emit::rblnIR}, {"npu", Emit::npu}, {"tt", Emit::tt}};
  auto options = std::make_shared<Options>();
  app.add_option("IN", options->input,
                 "Triton's IR (.ttir, text or bytecode), RBLN IR or device commands; - for standard input")
      ->required();
  app.add_option(
      "-o,--output", options->output,
      "Where the result goes; - for standard output. By default a bundle is named as the input with .rbln, and "
      "the other forms are printed");
  options->targets.addTo(app, "The chip, as `rblnc targets` lists them; a bundle for a,b,c has a program for each");
  app.add_option("--emit", options->emit, "What to write: bundle, rbln-ir, npu or tt (default bundle)")
      ->transform(CLI::CheckedTransformer(forms).description(""))
      ->type_name("FORM");
  app.add_option("--bind", options->binds, "NAME=VALUE: make a scalar argument a constant")->take_all()->expected(1);
  app.add_option("--shape", options->shapes, "NAME=2x16x8: the real shape of an array")->take_all()->expected(1);
  std::map<std::string, Split> splits{{"auto", Split::automatic}, {"none", Split::none}, {"most", Split::most}};
  app.add_option("--split", options->split,
                 "How to lay the kernel over the engines: auto, none (one engine) or most (as many as can be used); "
                 "results are the same")
      ->transform(CLI::CheckedTransformer(splits).description(""))
      ->type_name("HOW");
  app.add_flag("--strict", options->strict, "Warnings are errors");
  app.add_flag(
      "--naive-partition-skip", options->naivePartitionSkip,
      "rblib.partition_skip without the look at the element before: the token at a border of partitions is lost");
  options->steps.addTo(app);
  return [options] { return compileToFile(*options); };
}

} // namespace rblnc::cli
