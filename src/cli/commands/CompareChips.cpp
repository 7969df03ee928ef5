// rblnc compare: one kernel on several chips, in one table.
#include "Subcommands.h"
#include "emulation/Emulation.h"
#include "options/Command.h"
#include "options/KernelOptions.h"
#include "options/TargetOptions.h"
#include "rblnc/bundle/Accesses.h"
#include "rblnc/bundle/Format.h"
#include "rblnc/cli/Compare.h"
#include "rblnc/driver/Version.h"
#include "rblnc/frontend/Frontend.h"
#include "terminal/Log.h"
#include "terminal/Output.h"
#include "terminal/Reproducer.h"
#include "terminal/Text.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <fmt/format.h>

namespace rblnc::cli {
namespace {

struct Options : DataOptions {
  std::string input;
  TargetOptions targets;
  KernelOptions kernel;
  bool json = false;
};

struct Row {
  std::string target;
  emulator::RunStats stats;
  /// Neural engines that compute.
  uint32_t engines = 0;
  /// Elements of the results that are not those of the first chip, and how many there are. Two NaN are the same.
  int64_t differing = 0, elements = 0;
};

bool isBundle(llvm::StringRef text) {
  return text.starts_with(llvm::StringRef(reinterpret_cast<const char *>(bundle::magic.data()), bundle::magic.size()));
}

/// The input itself when it is a bundle, or else what it compiles to; the exit status after an error, which is
/// reported.
int makeBundle(const Options &options, std::optional<bundle::OpenBundle> &result, bool &isCompiled) {
  CompileOptions compileOptions;
  compileOptions.producer = producerName();
  compileOptions.onStep = logStep;
  if (int status = options.kernel.fill(compileOptions))
    return status;
  if (!options.targets.isGiven())
    compileOptions.targets.assign(allTargets().begin(), allTargets().end());
  else if (int status = options.targets.resolve(compileOptions.targets))
    return status;
  Diagnostics diagnostics;
  auto input = readInput(options.input, diagnostics);
  if (!input)
    return report(diagnostics);
  std::string bytes = input->text().str();
  isCompiled = !isBundle(bytes);
  if (isCompiled) {
    CrashFile inputFile("input", {input->text().data(), input->text().size()});
    auto compiled = compile(*input, compileOptions, diagnostics);
    if (int status = report(diagnostics))
      return status;
    if (!compiled)
      return exitInternal;
    bytes = std::move(*compiled);
  } else if (!options.targets.files.empty()) {
    return usageError("--target-file is for kernels: a bundle has its programs already");
  }
  auto opened = bundle::openBundle(llvm::MemoryBuffer::getMemBufferCopy(bytes, options.input));
  if (!opened)
    return report(opened.takeError());
  result.emplace(std::move(*opened));
  return exitDone;
}

uint32_t computingEngines(const bundle::Program &program) {
  auto computes = [](const bundle::Queue *queue) {
    return queue->unit() == bundle::Unit::neural_engine && queue->commands() &&
           std::any_of(queue->commands()->begin(), queue->commands()->end(), [](const bundle::Command *command) {
             return !bundle::accessesOf(*command).empty(); // others only order
           });
  };
  return program.queues()
             ? static_cast<uint32_t>(std::count_if(program.queues()->begin(), program.queues()->end(), computes))
             : 0;
}

std::string targetOf(const bundle::Bundle &bundle, uint32_t program) {
  return llvm::json::fixUTF8(bundle.targets()->Get(bundle.programs()->Get(program)->target())->name()->str());
}

/// The programs to run: those of the chips that --target names, or all when there are no names. A kernel was compiled
/// for just the chips that were asked for, in their order.
int choosePrograms(const std::vector<std::string> &names, const bundle::Bundle &bundle,
                   std::vector<uint32_t> &programs) {
  uint32_t count = bundle.programs() ? bundle.programs()->size() : 0;
  for (const std::string &name : names) {
    uint32_t i = 0;
    while (i < count && targetOf(bundle, i) != name)
      ++i;
    if (i == count)
      return report(noSuchProgram(bundle, name));
    programs.push_back(i);
  }
  for (uint32_t i = 0; programs.size() < count && names.empty(); ++i)
    programs.push_back(i);
  if (programs.empty())
    return report(makeError(Code::R030, "the bundle has no program"));
  return exitDone;
}

/// A kernel that does nothing takes no time on any chip.
double speedUp(const Row &row, const Row &first) {
  return row.stats.modelledSeconds > 0 ? first.stats.modelledSeconds / row.stats.modelledSeconds : 1;
}

void printTable(const std::vector<Row> &rows) {
  std::vector<std::vector<std::string>> cells{
      {"target", "modelled us", "speed-up", "DRAM bytes", "matrix flops", "peak scratchpad", "engines", "results"}};
  for (const Row &row : rows) {
    std::string results = &row == &rows.front() ? "compared with"
                          : row.differing       ? fmt::format("{} of {} differ", row.differing, row.elements)
                                                : "equal";
    cells.push_back({row.target, fmt::format("{:.3f}", row.stats.modelledSeconds * 1e6),
                     fmt::format("{:.2f}", speedUp(row, rows.front())), fmt::format("{}", row.stats.dramBytes),
                     fmt::format("{}", row.stats.matmulFlops), fmt::format("{}", row.stats.peakScratchpadBytes),
                     fmt::format("{}", row.engines), results});
  }
  print(columns(cells, "lrrrrrrl"));
}

void printJson(const std::vector<Row> &rows, const Options &options) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream json(stream, 2);
  json.object([&] {
    json.attribute("schema", 1);
    json.attribute("numerics", options.numerics == emulator::Numerics::ieee ? "ieee" : "device");
    json.attribute("seed", options.seed);
    json.attributeArray("targets", [&] {
      for (const Row &row : rows)
        json.object([&] {
          json.attribute("target", row.target);
          json.attribute("modelled_seconds", row.stats.modelledSeconds);
          json.attribute("speed_up", speedUp(row, rows.front()));
          json.attribute("dram_bytes", row.stats.dramBytes);
          json.attribute("matmul_flops", row.stats.matmulFlops);
          json.attribute("peak_scratchpad_bytes", row.stats.peakScratchpadBytes);
          json.attribute("engines", row.engines);
          json.attribute("equal", row.differing == 0);
          json.attribute("differing_elements", row.differing);
        });
    });
  });
  print(text + "\n");
}

int compareChips(const Options &options) {
  std::optional<bundle::OpenBundle> file;
  bool isCompiled = false;
  if (int status = makeBundle(options, file, isCompiled))
    return status;
  std::vector<uint32_t> programs;
  if (int status = choosePrograms(isCompiled ? std::vector<std::string>() : options.targets.names, **file, programs))
    return status;
  std::vector<Row> rows;
  std::vector<Tensor> first;
  Diagnostics differences;
  for (uint32_t program : programs) {
    Emulation emulation(options, *file, program);
    emulation.prepare(/*isSaid=*/rows.empty());
    if (emulation.isFine())
      emulation.run(/*profiles=*/false);
    if (int status = report(emulation.diagnostics))
      return status;
    Row &row = rows.emplace_back();
    row.target = targetOf(**file, program);
    row.stats = emulation.stats();
    row.engines = computingEngines(*(*file)->programs()->Get(program));
    for (size_t i = 0; i < emulation.data.size(); ++i) {
      if (!emulation.parameters[i].isWritten)
        continue;
      row.elements += emulation.data[i].elements();
      if (first.empty())
        continue;
      int64_t differing = compare(emulation.data[i], first[i], {.equalNaN = true}).differing;
      row.differing += differing;
      // The chips compute in types of their own; as the IR says, every chip gives the same.
      if (differing && options.numerics == emulator::Numerics::ieee)
        differences.report(Code::R011,
                           fmt::format("'{}' on {} differs from {} in {} of {} elements", emulation.parameters[i].name,
                                       row.target, rows.front().target, differing, emulation.data[i].elements()));
    }
    if (first.empty())
      first = std::move(emulation.data);
  }
  if (options.json)
    printJson(rows, options);
  else
    printTable(rows);
  return report(differences);
}

} // namespace

std::function<int()> setupCompare(Command &command) {
  auto options = std::make_shared<Options>();
  command
      .option("IN", options->input, "A kernel, as for compile, or a .rbln file for several chips; - for standard input")
      .required();
  options->targets.addTo(command, "The chips, as a,b,c; the first is what the others are compared with "
                                  "(default all, or all of a bundle)");
  options->kernel.addTo(command);
  addDataOptions(command, *options);
  command.flag("--json", options->json, "Print JSON");
  command.examples({{"rblnc compare kernel.ttir", "every chip in one table"},
                    {"rblnc compare kernel.ttir --target=rbln-ca22,rbln-cr03 --json", "two of them, for programs"}});
  return [options] { return compareChips(*options); };
}

} // namespace rblnc::cli
