// rblnc run: a bundle on the emulator.
#include "Emulation.h"
#include "Output.h"
#include "Subcommands.h"
#include "rblnc/cli/Compare.h"
#include "rblnc/support/CheckedMath.h"
#include "rblnc/support/File.h"
#include "rblnc/support/Npy.h"
#include "rblnc/support/TensorFile.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rblnc::cli {
namespace {

struct Options : EmulationOptions {
  std::vector<std::string> outputs;
  std::vector<std::string> expectations;
  std::optional<double> relative;
  std::optional<double> absolute;
  /// Statistics: as a table on standard output when there is no file.
  bool wantsStats = false;
  std::string stats;
  std::string trace;
  unsigned threads = 1;
};

/// One run: the kernel's parameters, what the command line says about them, and the data.
class Run {
public:
  Run(const Options &options, const ChosenProgram &chosen)
      : options(options), emulation(options, chosen.file, chosen.number) {
    emulation.protect(options.bundle.path, "the bundle");
  }

  int execute() {
    outputs = assign("--out", options.outputs, emulation.parameters, emulation.diagnostics);
    expectations = assign("--expect", options.expectations, emulation.parameters, emulation.diagnostics);
    checkPaths();
    emulation.prepare();
    if (emulation.isFine())
      loadExpectations();
    if (emulation.isFine())
      emulation.run(options.wantsStats || !options.trace.empty());
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
    if (!options.stats.empty())
      emulation.claim(options.stats, "the statistics");
    if (!options.trace.empty())
      emulation.claim(options.trace, "the trace");
  }

  void writeStatistics() {
    if (options.wantsStats && options.stats.empty())
      print(report::statisticsTable(emulation.profiled()));
    else if (options.wantsStats)
      emulation.keep(writeFileAtomically(
          options.stats,
          llvm::formatv("{0:2}\n", llvm::json::Value(report::statisticsJson(emulation.profiled()))).str()));
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
        print(fmt::format("{}: {}\n", emulation.parameters[i].name, summarise(emulation.data[i])));
    }
  }

  void compareResults() {
    for (const auto &[index, wanted] : expected) {
      const Tensor &result = emulation.data[index];
      Tolerance tolerance = defaultTolerance(result.dtype, wanted.dtype);
      if (options.relative || options.absolute)
        tolerance = {options.relative.value_or(0), options.absolute.value_or(0)};
      Comparison comparison = compare(result, wanted, tolerance);
      const std::string &name = emulation.parameters[index].name;
      if (comparison.differing == 0) {
        print(fmt::format("{}: as expected; the largest difference is {:.3g} (allowed {:g} + {:g} * |expected|)\n",
                          name, comparison.largestDifference, tolerance.absolute, tolerance.relative));
        continue;
      }
      emulation.diagnostics.report(
          Code::R011,
          fmt::format("'{}' differs in {} of {} elements; the worst is {}: {:.9g} where {:.9g} was expected "
                      "(allowed {:g} + {:g} * |expected|)",
                      name, comparison.differing, comparison.elements, formatIndex(comparison.worst, result.shape),
                      result.asDouble(comparison.worst), wanted.asDouble(comparison.worst), tolerance.absolute,
                      tolerance.relative));
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
  if ((options.relative || options.absolute) && options.expectations.empty())
    return usageError("--rtol and --atol go with --expect");
  auto chosen = openChosen(options.bundle);
  if (!chosen)
    return report(chosen.takeError());
  return Run(options, *chosen).execute();
}

} // namespace

std::function<int()> setupRun(CLI::App &app) {
  auto options = std::make_shared<Options>();
  addEmulationOptions(app, *options);
  app.add_option("--out", options->outputs, "NAME=FILE.npy: write a result")->take_all()->expected(1);
  app.add_option("--expect", options->expectations,
                 "NAME=FILE: compare a result; status 3 when it differs. float64 is fine for any float")
      ->take_all()
      ->expected(1);
  app.add_option("--rtol", options->relative,
                 "Relative tolerance of --expect; when neither is given, both are those of torch.testing.assert_close");
  app.add_option("--atol", options->absolute, "Absolute tolerance of --expect");
  CLI::Option *stats =
      app.add_option("--stats", options->stats,
                     "Counts, modelled times, the roofline and all of it by Python line: a table, or with a FILE JSON; "
                     "- for JSON on standard output")
          ->expected(0, 1)
          ->type_name("[FILE]");
  app.add_option("--trace", options->trace, "FILE: write a trace for ui.perfetto.dev");
  app.add_option("--threads", options->threads, "Host threads; results do not depend on it")
      ->check(CLI::Range(1, 1024).description(""))
      ->capture_default_str();
  return [options, stats] {
    options->wantsStats = stats->count() > 0;
    return run(*options);
  };
}

} // namespace rblnc::cli
