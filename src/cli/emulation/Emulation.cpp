#include "Emulation.h"

#include "options/Command.h"
#include "rblnc/support/CheckedMath.h"
#include "rblnc/support/File.h"
#include "rblnc/support/TensorFile.h"
#include "terminal/Log.h"
#include "terminal/Output.h"

#include <charconv>
#include <chrono>
#include <fmt/format.h>

namespace rblnc::cli {

void addEmulationOptions(Command &command, EmulationOptions &options) {
  options.bundle.addTo(command);
  addDataOptions(command, options);
}

void addDataOptions(Command &command, DataOptions &options) {
  command.list(
      "--arg", options.arguments,
      "An argument. SPEC is a .npy, .npz:member or .safetensors:tensor file, a number for a scalar, zeros, ones, "
      "normal, uniform(a,b) or SHAPExDTYPE=values such as 4xf32=1,2,3,4",
      "NAME=SPEC");
  WordCheck isSeed = [](const std::string &text) {
    uint64_t seed = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
    bool whole = error == std::errc() && end == text.data() + text.size();
    return whole ? std::string() : "a seed is a number from 0 to 18446744073709551615";
  };
  command.option("--seed", options.seed, "Of the random data for arguments").check(isSeed).showDefault();
  command
      .option("--order", options.order,
              "Run the queues in a random order, one command of any that need not wait at a time, to see that "
              "it makes no difference")
      .check(isSeed)
      .type("SEED");
  command.choice<emulator::Numerics>(
      "--numerics", options.numerics, {{"ieee", emulator::Numerics::ieee}, {"device", emulator::Numerics::device}},
      "ieee: every type as the IR says; device: as the chip computes (default ieee)", "MODE");
  command.flag("--no-check", options.noChecks, "Do not look for uninitialised reads and races");
  command.flag("--no-append-checks", options.noAppendChecks,
               "Let rows be lost that rblib.insert puts into a partition (RBLN-R037)");
  command.flag("--no-defaults", options.noDefaults, "An argument that is not given is an error");
}

bool Emulation::keep(llvm::Error error) {
  if (error)
    diagnostics.report(toDiagnostic(std::move(error)));
  return isFine();
}

void Emulation::protect(const BundleOptions &bundle) {
  protect(bundle.path, "the bundle");
  if (!bundle.targetFile.empty())
    protect(bundle.targetFile, "the description of the chip");
  for (const std::string &text : options.arguments) {
    size_t equals = text.find('=');
    if (equals != std::string::npos && TensorFile::isTensorFile(text.substr(equals + 1)))
      protect(TensorFile::pathOf(text.substr(equals + 1)),
              fmt::format("the data of the argument '{}'", text.substr(0, equals)));
  }
}

void Emulation::claim(const std::string &path, const std::string &what) {
  keep(checkWritable(path));
  if (auto conflict = files.write(path, what))
    diagnostics.report(Code::R010, *conflict, {}, "give each file a name of its own");
}

void Emulation::say(std::string_view line) const { files.usesStandardOutput() ? printAside(line) : print(line); }

void Emulation::prepare(bool isSaid) {
  std::map<size_t, std::string> given = assign("--arg", options.arguments, parameters, diagnostics);
  checkSize();
  if (isFine())
    makeArguments(given, isSaid);
}

void Emulation::checkSize() {
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

void Emulation::makeArguments(const std::map<size_t, std::string> &given, bool isSaid) {
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
  if (diagnostics.hasErrors() || !isSaid || (random.empty() && zeros.empty()))
    return;
  std::string text = random.empty() ? "" : fmt::format("normal random data (seed {}) for {}", options.seed, random);
  if (!zeros.empty())
    text += (text.empty() ? "zeros for " : "; zeros for ") + zeros;
  note("not given: " + text);
}

void Emulation::run(bool profiles) {
  auto machine = emulator::Machine::create(file, program);
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
  runOptions.appendChecks = !options.noAppendChecks;
  runOptions.order = options.order;
  runOptions.profile = profiles;
  auto start = std::chrono::steady_clock::now();
  auto ran = machine->run(arguments, runOptions);
  hostSeconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!ran) {
    keep(ran.takeError());
    return;
  }
  for (const Diagnostic &finding : ran->findings)
    diagnostics.report(finding);
  log(fmt::format("emulated in {:.3f} ms, modelled {:.3f} us", hostSeconds * 1e3, ran->stats.modelledSeconds * 1e6));
  result = std::move(*ran);
}

report::ProfiledRun Emulation::profiled(bool hostTimes) const {
  return {*file,
          *file->programs()->Get(program),
          result->stats,
          *result->profile,
          options.numerics,
          hostTimes ? std::optional(hostSeconds) : std::nullopt};
}

} // namespace rblnc::cli
