// rblnc compile: a kernel to a bundle, or to one of the forms on the way.
#include "Subcommands.h"
#include "files/Files.h"
#include "options/CacheOptions.h"
#include "options/Command.h"
#include "options/KernelOptions.h"
#include "options/StepOptions.h"
#include "options/TargetOptions.h"
#include "rblnc/driver/Compiler.h"
#include "rblnc/driver/Version.h"
#include "rblnc/frontend/Frontend.h"
#include "rblnc/support/Error.h"
#include "rblnc/support/File.h"
#include "terminal/Log.h"
#include "terminal/Output.h"
#include "terminal/Reproducer.h"

#include <fmt/format.h>

namespace rblnc::cli {
namespace {

struct Options {
  std::string input;
  std::string output;
  TargetOptions targets;
  Files files;
  StepOptions steps{files};
  Emit emit = Emit::bundle;
  KernelOptions kernel;
  CacheOptions cache;
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

/// What the steps leave is only there when they are taken.
std::optional<std::string> compileOrFind(const Options &options, const Input &input,
                                         const CompileOptions &compileOptions, Diagnostics &diagnostics,
                                         std::string &lastIR) {
  std::optional<Cache> cache = options.steps.isGiven() ? std::nullopt : options.cache.cache();
  if (!cache)
    return compile(input, compileOptions, diagnostics, &lastIR);
  bool isHit = false;
  llvm::Error error = llvm::Error::success();
  auto result = compileThrough(*cache, input, compileOptions, diagnostics, &lastIR, isHit, &error);
  if (error)
    note("the result is not kept: " + toDiagnostic(std::move(error)).message);
  log(fmt::format("cache {}: {}", cache->path(), isHit ? "hit" : "miss"));
  return result;
}

int compileToFile(Options &options) {
  CompileOptions compileOptions;
  compileOptions.emit = options.emit;
  compileOptions.producer = producerName();
  compileOptions.onStep = options.steps.observer();
  if (int status = options.kernel.fill(compileOptions))
    return status;
  if (int status = options.targets.resolve(compileOptions.targets))
    return status;
  if (int status = options.steps.validate())
    return status;
  if (options.emit == Emit::npu && compileOptions.targets.size() > 1)
    return usageError("--emit=npu prints the program of one target");
  std::string output = options.output.empty() ? defaultOutput(options) : options.output;
  options.files.read(options.input, "the input");
  for (const std::string &file : options.targets.files)
    options.files.read(file, "the description of a chip");
  if (auto conflict = options.files.write(output, "the output"))
    return usageError(*conflict);
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
  auto result = compileOrFind(options, *input, compileOptions, diagnostics, lastIR);
  CrashFile irFile("last.mlir", lastIR);
  int status = options.steps.finish(options.input, diagnostics);
  if (int failed = report(diagnostics))
    return failed;
  if (status)
    return status;
  if (!result)
    return exitInternal;
  log(fmt::format("writing {} bytes to {}", result->size(), output));
  return report(writeFileAtomically(output, *result));
}

} // namespace

std::function<int()> setupCompile(Command &command) {
  auto options = std::make_shared<Options>();
  command
      .option("IN", options->input,
              "Triton's IR (.ttir, text or bytecode), RBLN IR or device commands; - for standard input")
      .required();
  command.file(
      "-o,--output", options->output,
      "Where the result goes; - for standard output. By default a bundle is named as the input with .rbln, and "
      "the other forms are printed");
  options->targets.addTo(command, "The chip, as `rblnc targets` lists them; a bundle for a,b,c has a program for each "
                                  "(default " +
                                      defaultTargetName.str() + ")");
  command.choice<Emit>("--emit", options->emit,
                       {{"bundle", Emit::bundle}, {"rbln-ir", Emit::rblnIR}, {"npu", Emit::npu}, {"tt", Emit::tt}},
                       "What to write: bundle, rbln-ir, npu or tt (default bundle)", "FORM");
  options->kernel.addTo(command);
  options->steps.addTo(command);
  options->cache.addTo(command, /*isOnByDefault=*/false);
  command.examples({{"rblnc compile kernel.ttir", "writes kernel.rbln, for the default chip"},
                    {"rblnc compile kernel.ttir -o k.rbln --target=rbln-ca22,rbln-ca25", "a program for each chip"},
                    {"rblnc compile kernel.ttir --bind rows=128 --shape x=128x64", "a kernel for these sizes"},
                    {"rblnc compile kernel.ttir --emit=rbln-ir", "prints RBLN IR, which can be compiled on from"},
                    {"rblnc compile kernel.ttir --explore=k.html", "a page with the IR before and after every step"},
                    {"rblnc compile kernel.ttir -o - | rblnc run -", "compiles and runs, without a file"}});
  return [options] { return compileToFile(*options); };
}

} // namespace rblnc::cli
