// rblnc run: a bundle on the emulator.
#include "Output.h"
#include "Signature.h"
#include "Subcommands.h"
#include "rblnc/bundle/Reader.h"
#include "rblnc/cli/Compare.h"
#include "rblnc/emulator/Machine.h"
#include "rblnc/emulator/Report.h"
#include "rblnc/support/CheckedMath.h"
#include "rblnc/support/File.h"
#include "rblnc/support/Npy.h"
#include "rblnc/support/TensorFile.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace rblnc::cli {
namespace {

struct Options {
  std::string bundle;
  std::vector<std::string> arguments;
  std::vector<std::string> outputs;
  std::vector<std::string> expectations;
  std::optional<double> relative;
  std::optional<double> absolute;
  uint64_t seed = 0;
  emulator::Numerics numerics = emulator::Numerics::ieee;
  std::string stats;
  unsigned threads = 1;
  bool noChecks = false;
  bool noDefaults = false;
};

/// One run: the kernel's parameters, what the command line says about them, and the data.
class Run {
public:
  Run(const Options &options, const bundle::OpenBundle &file)
      : options(options), file(file), parameters(parametersOf(*file)) {}

  int execute() {
    given = assign("--arg", options.arguments, parameters, diagnostics);
    outputs = assign("--out", options.outputs, parameters, diagnostics);
    expectations = assign("--expect", options.expectations, parameters, diagnostics);
    checkPaths();
    checkSize();
    if (!diagnostics.hasErrors())
      makeArguments();
    if (!diagnostics.hasErrors())
      loadExpectations();
    if (!diagnostics.hasErrors())
      runMachine();
    if (!diagnostics.hasErrors())
      writeResults();
    if (!diagnostics.hasErrors())
      compareResults();
    return report(diagnostics);
  }

private:
  bool keep(llvm::Error error) {
    if (error)
      diagnostics.report(toDiagnostic(std::move(error)));
    return !diagnostics.hasErrors();
  }

  /// Nothing that is written may replace the bundle or another result of the same run.
  void claim(const std::string &path, const std::string &what) {
    std::error_code error;
    std::string place = std::filesystem::weakly_canonical(path, error).string();
    if (error || std::filesystem::is_character_file(path, error))
      return;
    auto [other, isNew] = claimed.try_emplace(place, what);
    if (!isNew)
      diagnostics.report(Code::R010, fmt::format("{} would replace {}, '{}'", what, other->second, path), {},
                         "give each file a name of its own");
  }

  /// Paths are tried before the run, which may be long.
  void checkPaths() {
    claim(options.bundle, "the bundle");
    for (const auto &[index, path] : outputs)
      claim(path, fmt::format("the result '{}'", parameters[index].name));
    if (!options.stats.empty() && options.stats != "-")
      claim(options.stats, "the statistics");
    for (const auto &[index, path] : outputs) {
      if (!parameters[index].isWritten)
        diagnostics.report(Code::R001,
                           fmt::format("'{}' is an input: the kernel does not write it", parameters[index].name));
      else
        keep(checkWritable(path));
    }
    if (!options.stats.empty())
      keep(checkWritable(options.stats));
  }

  void checkSize() {
    uint64_t limit = hostMemoryBytes(), total = 0;
    for (const Parameter &parameter : parameters) {
      auto count = elementCount(parameter.defaultShape());
      auto bytes = count ? checkedMultiply(static_cast<uint64_t>(*count), sizeOf(parameter.dtype)) : std::nullopt;
      auto sum = bytes ? checkedAdd(total, *bytes) : std::nullopt;
      if (!sum || *sum > limit) {
        diagnostics.report(Code::R013, fmt::format("the arguments up to '{}' need more than the {} bytes of this host",
                                                   parameter.name, limit));
        return;
      }
      total = *sum;
    }
  }

  void makeArguments() {
    std::string random, zeros;
    for (size_t i = 0; i < parameters.size(); ++i) {
      const Parameter &parameter = parameters[i];
      auto spec = given.find(i);
      if (spec == given.end() && parameter.isRead) {
        if (options.noDefaults) {
          diagnostics.report(Code::R014, fmt::format("'{}' is not given", parameter.name), {},
                             fmt::format("write --arg {}=…", parameter.name));
          continue;
        }
        std::string &list = isFloat(parameter.dtype) ? random : zeros;
        list += (list.empty() ? "" : ", ") + parameter.name;
      }
      llvm::Expected<Tensor> made = spec != given.end() ? makeArgument(spec->second, parameter, options.seed)
                                    : parameter.isRead  ? makeDefault(parameter, options.seed)
                                                        : Tensor::zeros(parameter.dtype, parameter.defaultShape());
      if (!made) {
        keep(made.takeError());
        continue;
      }
      data.push_back(std::move(*made));
    }
    if (diagnostics.hasErrors() || (random.empty() && zeros.empty()))
      return;
    std::string text = random.empty() ? "" : fmt::format("normal random data (seed {}) for {}", options.seed, random);
    if (!zeros.empty())
      text += (text.empty() ? "zeros for " : "; zeros for ") + zeros;
    note("not given: " + text);
  }

  void loadExpectations() {
    for (const auto &[index, path] : expectations) {
      auto opened = TensorFile::open(path);
      if (!opened) {
        keep(opened.takeError());
        continue;
      }
      const Tensor &result = data[index];
      bool isFlat = !parameters[index].hasShape && elementCount(opened->shape) == result.elements();
      if (!isFlat && !isSameUpToUnits(opened->shape, result.shape)) {
        diagnostics.report(Code::R008,
                           fmt::format("'{}' has the shape {}, and '{}' is {}", path, formatShape(opened->shape),
                                       parameters[index].name, formatType(result.dtype, result.shape)));
        continue;
      }
      auto loaded = opened->load();
      if (!loaded) {
        keep(loaded.takeError());
        continue;
      }
      // As for arguments, unsigned 16-bit integers are the bits of bfloat16.
      if (result.dtype == DType::bf16 && loaded->dtype == DType::u16)
        loaded->dtype = DType::bf16;
      expected.emplace(index, std::move(*loaded));
    }
  }

  void runMachine() {
    auto machine = emulator::Machine::create(file);
    if (!machine) {
      keep(machine.takeError());
      return;
    }
    emulator::Arguments arguments;
    for (size_t i = 0; i < parameters.size(); ++i)
      arguments.emplace(parameters[i].name, data[i].bytes.span());
    emulator::RunOptions runOptions;
    runOptions.numerics = options.numerics;
    runOptions.checks = !options.noChecks;
    auto start = std::chrono::steady_clock::now();
    auto result = machine->run(arguments, runOptions);
    hostSeconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (!result) {
      keep(result.takeError());
      return;
    }
    for (const Diagnostic &finding : result->findings)
      diagnostics.report(finding);
    spdlog::debug("emulated in {:.3f} ms, modelled {:.3f} us", hostSeconds * 1e3, result->stats.modelledSeconds * 1e6);
    if (!options.stats.empty())
      keep(writeFileAtomically(options.stats, statsText(result->stats)));
  }

  std::string statsText(const emulator::RunStats &stats) {
    llvm::json::Object object = emulator::describeRun(*file, options.numerics, stats, hostSeconds);
    return llvm::formatv("{0:2}\n", llvm::json::Value(std::move(object))).str();
  }

  void writeResults() {
    for (size_t i = 0; i < parameters.size(); ++i) {
      if (!parameters[i].isWritten)
        continue;
      auto path = outputs.find(i);
      if (path != outputs.end())
        keep(writeNpy(path->second, data[i]));
      else if (!expectations.contains(i))
        print(fmt::format("{}: {}\n", parameters[i].name, summarise(data[i])));
    }
  }

  void compareResults() {
    for (const auto &[index, wanted] : expected) {
      const Tensor &result = data[index];
      Tolerance tolerance = defaultTolerance(result.dtype, wanted.dtype);
      if (options.relative || options.absolute)
        tolerance = {options.relative.value_or(0), options.absolute.value_or(0)};
      Comparison comparison = compare(result, wanted, tolerance);
      const std::string &name = parameters[index].name;
      if (comparison.differing == 0) {
        print(fmt::format("{}: as expected; the largest difference is {:.3g} (allowed {:g} + {:g} * |expected|)\n",
                          name, comparison.largestDifference, tolerance.absolute, tolerance.relative));
        continue;
      }
      diagnostics.report(
          Code::R011,
          fmt::format("'{}' differs in {} of {} elements; the worst is {}: {:.9g} where {:.9g} was expected "
                      "(allowed {:g} + {:g} * |expected|)",
                      name, comparison.differing, comparison.elements, formatIndex(comparison.worst, result.shape),
                      result.asDouble(comparison.worst), wanted.asDouble(comparison.worst), tolerance.absolute,
                      tolerance.relative));
    }
  }

  const Options &options;
  const bundle::OpenBundle &file;
  std::vector<Parameter> parameters;
  Diagnostics diagnostics;
  /// By the parameter's place.
  std::map<size_t, std::string> given, outputs, expectations;
  /// What each path stands for, by its canonical form.
  std::map<std::string, std::string> claimed;
  std::vector<Tensor> data;
  std::map<size_t, Tensor> expected;
  double hostSeconds = 0;
};

int run(const Options &options) {
  if ((options.relative && !(*options.relative >= 0)) || (options.absolute && !(*options.absolute >= 0)))
    return usageError("--rtol and --atol are at least 0");
  if ((options.relative || options.absolute) && options.expectations.empty())
    return usageError("--rtol and --atol go with --expect");
  auto file = bundle::openBundle(options.bundle);
  if (!file)
    return report(file.takeError());
  return Run(options, *file).execute();
}

} // namespace

std::function<int()> setupRun(CLI::App &app) {
  static const std::map<std::string, emulator::Numerics> numerics = {{"ieee", emulator::Numerics::ieee},
                                                                     {"device", emulator::Numerics::device}};
  auto options = std::make_shared<Options>();
  app.add_option("BUNDLE", options->bundle, "A .rbln file")->required();
  app.add_option(
         "--arg", options->arguments,
         "NAME=SPEC: an argument. SPEC is a .npy, .npz:member or .safetensors:tensor file, a number for a scalar, "
         "zeros, ones, normal, uniform(a,b) or SHAPExDTYPE=values such as 4xf32=1,2,3,4")
      ->take_all()
      ->expected(1);
  app.add_option("--out", options->outputs, "NAME=FILE.npy: write a result")->take_all()->expected(1);
  app.add_option("--expect", options->expectations,
                 "NAME=FILE: compare a result; status 3 when it differs. float64 is fine for any float")
      ->take_all()
      ->expected(1);
  app.add_option("--rtol", options->relative,
                 "Relative tolerance of --expect; when neither is given, both are those of torch.testing.assert_close");
  app.add_option("--atol", options->absolute, "Absolute tolerance of --expect");
  app.add_option("--seed", options->seed, "Of the random data for arguments")
      ->check(CLI::Validator(
          [](const std::string &text) {
            uint64_t seed = 0;
            auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
            bool whole = error == std::errc() && end == text.data() + text.size();
            return whole ? std::string() : "a seed is a number from 0 to 18446744073709551615";
          },
          ""))
      ->capture_default_str();
  app.add_option("--numerics", options->numerics,
                 "ieee: every type as the IR says; device: as the chip computes (default ieee)")
      ->transform(CLI::CheckedTransformer(numerics).description(""))
      ->type_name("MODE");
  app.add_option("--stats", options->stats, "Write counts and modelled times as JSON; - for standard output");
  app.add_option("--threads", options->threads, "Host threads; results do not depend on it")
      ->check(CLI::Range(1, 1024).description(""))
      ->capture_default_str();
  app.add_flag("--no-check", options->noChecks, "Do not look for uninitialised reads and races");
  app.add_flag("--no-defaults", options->noDefaults, "An argument that is not given is an error");
  return [options] { return run(*options); };
}

} // namespace rblnc::cli
