// A bundle's kernel on the emulator, with the data that the command line gives: what `run` and `report` share.
#pragma once

#include "ProgramChoice.h"
#include "Signature.h"
#include "files/Files.h"

#include "rblnc/emulator/Machine.h"
#include "rblnc/report/Report.h"
#include "rblnc/support/Tensor.h"

#include <map>
#include <optional>

namespace rblnc::cli {

class Command;

struct DataOptions {
  std::vector<std::string> arguments;
  uint64_t seed = 0;
  std::optional<uint64_t> order;
  emulator::Numerics numerics = emulator::Numerics::ieee;
  bool noChecks = false;
  bool noAppendChecks = false;
  bool noDefaults = false;
};

/// --arg, --seed, --order, --numerics, --no-check, --no-append-checks and --no-defaults.
void addDataOptions(Command &command, DataOptions &options);

struct EmulationOptions : DataOptions {
  BundleOptions bundle;
};

/// Those, and BUNDLE, --target and --target-file.
void addEmulationOptions(Command &command, EmulationOptions &options);

/// Everything that goes wrong is in the diagnostics.
class Emulation {
public:
  /// Of the program of that number.
  Emulation(const DataOptions &options, const bundle::OpenBundle &file, uint32_t program)
      : parameters(parametersOf(*file)), options(options), file(file), program(program) {}

  /// Makes the arguments, and says which ones were not given.
  void prepare(bool isSaid = true);
  /// Runs the kernel; `profiles` to have profiled() afterwards.
  void run(bool profiles);

  bool isFine() const { return !diagnostics.hasErrors(); }
  /// Keeps an error, if there is one; gives whether there has been none so far.
  bool keep(llvm::Error error);
  /// The files of these options and of the arguments: nothing may replace them.
  void protect(const BundleOptions &bundle);
  void protect(const std::string &path, const std::string &what) { files.read(path, what); }
  /// Paths that the command writes, tried before the work, which may be long. Nothing that is written may replace what
  /// is protected or another result of the same run.
  void claim(const std::string &path, const std::string &what);

  /// A line for people. It goes to standard error when a result is on standard output.
  void say(std::string_view line) const;

  report::ProfiledRun profiled(bool hostTimes = false) const;
  const emulator::RunStats &stats() const { return result->stats; }

  const std::vector<Parameter> parameters;
  Diagnostics diagnostics;
  /// One array for each parameter, when isFine() after prepare().
  std::vector<Tensor> data;

private:
  void checkSize();
  void makeArguments(const std::map<size_t, std::string> &given, bool isSaid);

  const DataOptions &options;
  const bundle::OpenBundle &file;
  uint32_t program;
  Files files;
  std::optional<emulator::RunResult> result;
  double hostSeconds = 0;
};

} // namespace rblnc::cli
