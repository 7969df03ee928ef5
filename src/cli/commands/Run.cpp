// rblnc run: a bundle on the emulator.
#include "Subcommands.h"
#include "emulation/Emulation.h"
#include "emulation/Expectations.h"
#include "options/Command.h"
#include "rblnc/cli/Compare.h"
#include "rblnc/support/File.h"
#include "rblnc/support/Npy.h"
#include "terminal/Output.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <fmt/format.h>

namespace rblnc::cli {
namespace {

struct Options : EmulationOptions {
  std::vector<std::string> outputs;
  std::vector<std::string> expectations;
  Tolerances tolerances;
  /// As a table on standard output when there is no file.
  OptionalFile stats;
  bool hostTimes = false;
  std::string trace;
};

/// One run: the kernel's parameters, what the command line says about them, and the data.
class Run {
public:
  Run(const Options &options, const ChosenProgram &chosen)
      : options(options), emulation(options, chosen.file, chosen.number) {
    emulation.protect(options.bundle);
  }

  int execute() {
    outputs = assign("--out", options.outputs, emulation.parameters, emulation.diagnostics);
    Expectations expectations(options.expectations, options.tolerances, emulation);
    checkPaths();
    emulation.prepare();
    if (emulation.isFine())
      expectations.load();
    if (emulation.isFine())
      emulation.run(options.stats.isGiven() || !options.trace.empty());
    if (emulation.isFine())
      writeStatistics();
    if (emulation.isFine())
      writeResults(expectations);
    if (emulation.isFine())
      for (const std::string &line : expectations.compare())
        emulation.say(line);
    return report(emulation.diagnostics);
  }

private:
  void checkPaths() {
    for (const auto &[index, path] : outputs) {
      const std::string &name = emulation.parameters[index].name;
      if (!emulation.parameters[index].isWritten)
        emulation.diagnostics.report(Code::R001, fmt::format("'{}' is an input: the kernel does not write it", name));
      else
        emulation.claim(path, fmt::format("the result '{}'", name));
    }
    if (std::string file = options.stats.file(); !file.empty())
      emulation.claim(file, "the statistics");
    if (!options.trace.empty())
      emulation.claim(options.trace, "the trace");
  }

  void writeStatistics() {
    if (options.stats.isGiven() && options.stats.file().empty()) {
      emulation.say(report::statisticsTable(emulation.profiled()));
    } else if (options.stats.isGiven()) {
      llvm::json::Object object = report::statisticsJson(emulation.profiled(options.hostTimes));
      object["schema"] = 1;
      emulation.keep(writeFileAtomically(options.stats.file(),
                                         llvm::formatv("{0:2}\n", llvm::json::Value(std::move(object))).str()));
    }
    if (!options.trace.empty())
      emulation.keep(writeFileAtomically(options.trace, report::perfettoTrace(emulation.profiled())));
  }

  void writeResults(const Expectations &expectations) {
    for (size_t i = 0; i < emulation.parameters.size(); ++i) {
      if (!emulation.parameters[i].isWritten)
        continue;
      auto path = outputs.find(i);
      if (path != outputs.end())
        emulation.keep(writeNpy(path->second, emulation.data[i]));
      else if (!expectations.has(i))
        emulation.say(fmt::format("{}: {}\n", emulation.parameters[i].name, summarise(emulation.data[i])));
    }
  }

  const Options &options;
  Emulation emulation;
  /// By the parameter's place.
  std::map<size_t, std::string> outputs;
};

int run(const Options &options) {
  const Tolerances &tolerances = options.tolerances;
  if ((tolerances.relative && !(*tolerances.relative >= 0)) || (tolerances.absolute && !(*tolerances.absolute >= 0)))
    return usageError("--rtol and --atol are at least 0");
  if ((tolerances.relative || tolerances.absolute || tolerances.equalNaN) && options.expectations.empty())
    return usageError("--rtol, --atol and --equal-nan go with --expect");
  for (const auto *list : {&options.outputs, &options.expectations})
    for (const std::string &text : *list)
      if (text.ends_with('='))
        return usageError(
            fmt::format("{} takes NAME=FILE, not '{}'", list == &options.outputs ? "--out" : "--expect", text));
  if (options.hostTimes && options.stats.file().empty())
    return usageError("--host-times goes with --stats=FILE");
  auto chosen = openChosen(options.bundle);
  if (!chosen)
    return report(chosen.takeError());
  return Run(options, *chosen).execute();
}

} // namespace

std::function<int()> setupRun(Command &command) {
  auto options = std::make_shared<Options>();
  addEmulationOptions(command, *options);
  command.list("--out", options->outputs, "Write a result", "NAME=FILE.npy");
  command.list(
      "--expect", options->expectations,
      "Compare a result; status 3 when it differs. float64 is fine for any float, an unsigned type for the bits of "
      "its signed one",
      "NAME=FILE");
  command
      .option("--rtol", options->tolerances.relative,
              "Relative tolerance of --expect; when neither is given, both are those of torch.testing.assert_close")
      .type("R");
  command.option("--atol", options->tolerances.absolute, "Absolute tolerance of --expect").type("A");
  command.flag("--equal-nan", options->tolerances.equalNaN, "NaN is as expected where NaN is expected");
  options->stats.addTo(command, "--stats",
                       "Counts, modelled times, the roofline and all of it by Python line: a table; --stats=FILE.json "
                       "writes JSON instead, --stats=- on standard output");
  command.flag("--host-times", options->hostTimes,
               "Put the seconds that the emulator took into the JSON, which are others in every run");
  command.file("--trace", options->trace, "Write a trace for ui.perfetto.dev");
  command.examples({{"rblnc run kernel.rbln", "on seeded random data; a line sums up each result"},
                    {"rblnc run kernel.rbln --arg x=x.npy --arg scale=0.5 --out y=y.npy", "on this data"},
                    {"rblnc run kernel.rbln --arg x=x.npy --expect y=y.npy --rtol 1e-3", "compares the result"},
                    {"rblnc run kernel.rbln --stats", "where the modelled time goes"},
                    {"rblnc run kernel.rbln --stats=- | jq .modelled_seconds", "the same for programs"}});
  return [options] { return run(*options); };
}

} // namespace rblnc::cli
