// rblnc run: a bundle on the emulator.
#include "Emulation.h"
#include "Help.h"
#include "Options.h"
#include "Output.h"
#include "Subcommands.h"
#include "rblnc/cli/Compare.h"
#include "rblnc/support/CheckedMath.h"
#include "rblnc/support/File.h"
#include "rblnc/support/Npy.h"
#include "rblnc/support/TensorFile.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <fmt/format.h>

namespace rblnc::cli {
namespace {

struct Options : EmulationOptions {
  std::vector<std::string> outputs;
  std::vector<std::string> expectations;
  std::optional<double> relative;
  std::optional<double> absolute;
  bool equalNaN = false;
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
    expectations = assign("--expect", options.expectations, emulation.parameters, emulation.diagnostics);
    for (const auto &[index, path] : expectations)
      emulation.protect(TensorFile::pathOf(path),
                        fmt::format("what is expected of '{}'", emulation.parameters[index].name));
    checkPaths();
    emulation.prepare();
    if (emulation.isFine())
      loadExpectations();
    if (emulation.isFine())
      emulation.run(options.stats.isGiven() || !options.trace.empty());
    if (emulation.isFine())
      writeStatistics();
    if (emulation.isFine())
      writeResults();
    if (emulation.isFine())
      compareResults();
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

  void loadExpectations() {
    for (const auto &[index, path] : expectations) {
      auto opened = TensorFile::open(path);
      if (!opened) {
        emulation.keep(opened.takeError());
        continue;
      }
      const Tensor &result = emulation.data[index];
      bool isFlat = !emulation.parameters[index].hasShape && elementCount(opened->shape) == result.elements();
      if (!isFlat && !isSameUpToUnits(opened->shape, result.shape)) {
        emulation.diagnostics.report(
            Code::R008, fmt::format("'{}' has the shape {}, and '{}' is {}", path, formatShape(opened->shape),
                                    emulation.parameters[index].name, formatType(result.dtype, result.shape)));
        continue;
      }
      auto loaded = opened->load();
      if (!loaded) {
        emulation.keep(loaded.takeError());
        continue;
      }
      // As for arguments, unsigned 16-bit integers are the bits of bfloat16.
      if (result.dtype == DType::bf16 && loaded->dtype == DType::u16)
        loaded->dtype = DType::bf16;
      expected.emplace(index, std::move(*loaded));
    }
  }

  void writeResults() {
    for (size_t i = 0; i < emulation.parameters.size(); ++i) {
      if (!emulation.parameters[i].isWritten)
        continue;
      auto path = outputs.find(i);
      if (path != outputs.end())
        emulation.keep(writeNpy(path->second, emulation.data[i]));
      else if (!expectations.contains(i))
        emulation.say(fmt::format("{}: {}\n", emulation.parameters[i].name, summarise(emulation.data[i])));
    }
  }

  void compareResults() {
    for (const auto &[index, wanted] : expected) {
      const Tensor &result = emulation.data[index];
      Tolerance tolerance = defaultTolerance(result.dtype, wanted.dtype);
      if (options.relative || options.absolute)
        tolerance = {options.relative.value_or(0), options.absolute.value_or(0)};
      tolerance.equalNaN = options.equalNaN;
      Comparison comparison = compare(result, wanted, tolerance);
      const std::string &name = emulation.parameters[index].name;
      std::string allowed = fmt::format("(allowed {:g} + {:g} * |expected|)", tolerance.absolute, tolerance.relative);
      if (comparison.differing == 0) {
        emulation.say(fmt::format("{}: as expected; the largest difference is {} {}\n", name,
                                  comparison.largestDifferenceText, allowed));
        continue;
      }
      std::string got = formatElement(result, comparison.worst, comparedAs(result.dtype, wanted.dtype));
      std::string want = formatElement(wanted, comparison.worst, wanted.dtype);
      emulation.diagnostics.report(
          Code::R011,
          fmt::format("'{}' differs in {} of {} elements; the worst is {}: {} where {} was expected {}", name,
                      comparison.differing, comparison.elements, formatIndex(comparison.worst, result.shape), got, want,
                      allowed),
          {}, got == "nan" && want == "nan" ? "pass --equal-nan when a NaN is what is expected" : "");
    }
  }

  const Options &options;
  Emulation emulation;
  /// By the parameter's place.
  std::map<size_t, std::string> outputs, expectations;
  std::map<size_t, Tensor> expected;
};

int run(const Options &options) {
  if ((options.relative && !(*options.relative >= 0)) || (options.absolute && !(*options.absolute >= 0)))
    return usageError("--rtol and --atol are at least 0");
  if ((options.relative || options.absolute || options.equalNaN) && options.expectations.empty())
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

std::function<int()> setupRun(CLI::App &app) {
  auto options = std::make_shared<Options>();
  addEmulationOptions(app, *options);
  addList(app, "--out", options->outputs, "Write a result", "NAME=FILE.npy");
  addList(app, "--expect", options->expectations,
          "Compare a result; status 3 when it differs. float64 is fine for any float, an unsigned type for the bits of "
          "its signed one",
          "NAME=FILE");
  app.add_option("--rtol", options->relative,
                 "Relative tolerance of --expect; when neither is given, both are those of torch.testing.assert_close")
      ->type_name("R");
  app.add_option("--atol", options->absolute, "Absolute tolerance of --expect")->type_name("A");
  app.add_flag("--equal-nan", options->equalNaN, "NaN is as expected where NaN is expected");
  options->stats.addTo(app, "--stats",
                       "Counts, modelled times, the roofline and all of it by Python line: a table; --stats=FILE.json "
                       "writes JSON instead, --stats=- on standard output");
  app.add_flag("--host-times", options->hostTimes,
               "Put the seconds that the emulator took into the JSON, which are others in every run");
  addFile(app, "--trace", options->trace, "Write a trace for ui.perfetto.dev");
  addExamples(app, {{"rblnc run kernel.rbln", "on seeded random data; a line sums up each result"},
                    {"rblnc run kernel.rbln --arg x=x.npy --arg scale=0.5 --out y=y.npy", "on this data"},
                    {"rblnc run kernel.rbln --arg x=x.npy --expect y=y.npy --rtol 1e-3", "compares the result"},
                    {"rblnc run kernel.rbln --stats", "where the modelled time goes"},
                    {"rblnc run kernel.rbln --stats=- | jq .modelled_seconds", "the same for programs"}});
  return [options] { return run(*options); };
}

} // namespace rblnc::cli
