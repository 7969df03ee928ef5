// rblnc check: kernels against the rules, without compiling them.
#include "Subcommands.h"
#include "check/CheckConfig.h"
#include "check/RuleChoice.h"
#include "check/Suppressions.h"
#include "files/KernelFiles.h"
#include "options/Command.h"
#include "options/KernelOptions.h"
#include "options/TargetOptions.h"
#include "rblnc/driver/Compiler.h"
#include "rblnc/driver/Version.h"
#include "rblnc/frontend/Frontend.h"
#include "rblnc/report/Findings.h"
#include "terminal/Log.h"
#include "terminal/Output.h"
#include "terminal/Reproducer.h"

#include <fmt/format.h>

namespace rblnc::cli {
namespace {

struct Options {
  std::vector<std::string> inputs;
  KernelOptions kernel;
  TargetOptions targets;
  std::vector<std::string> select, ignore;
  std::string config;
  bool noConfig = false;
  bool statistics = false;
  report::FindingsFormat format = report::FindingsFormat::text;
};

class Check {
public:
  explicit Check(const Options &options) : options(options) {}

  int run() {
    if (int status = readOptions())
      return status;
    Diagnostics unread;
    std::vector<KernelFile> files = kernelFiles(options.inputs, unread);
    for (const Diagnostic &diagnostic : unread.all())
      tell("", {diagnostic});
    for (const KernelFile &file : files)
      if (int status = checkFile(file.path))
        return status;
    return finish();
  }

private:
  /// Options are checked before the first kernel is read.
  int readOptions() {
    compileOptions.onStep = logStep;
    if (int status = options.kernel.fill(compileOptions))
      return status;
    RuleChoice unused;
    for (const auto *list : {&options.select, &options.ignore})
      for (const std::string &text : *list)
        if (auto problem = unused.select.add(text))
          return usageError(fmt::format("{}: {}", list == &options.select ? "--select" : "--ignore", *problem));
    if (options.targets.isGiven())
      if (int status = options.targets.resolve(compileOptions.targets))
        return status;
    if (options.config.empty())
      return exitDone;
    auto read = readCheckConfig(options.config);
    if (!read)
      return misconfigured(read.takeError());
    named = std::move(*read);
    return exitDone;
  }

  /// What a project says of itself is no input.
  static int misconfigured(llvm::Error error) {
    report(std::move(error));
    return exitUsage;
  }

  /// An option of the command line stands in for the configuration's.
  int checkFile(const std::string &path) {
    CheckConfig config = named;
    if (!options.noConfig && options.config.empty()) {
      auto found = configs.of(path);
      if (!found)
        return misconfigured(found.takeError());
      config = std::move(*found);
    }
    CompileOptions mine = compileOptions;
    mine.strict |= config.strict.value_or(false);
    if (config.targets && !options.targets.isGiven()) {
      TargetOptions chosen;
      chosen.names = *config.targets;
      if (int status = chosen.isGiven() ? chosen.resolve(mine.targets) : exitDone)
        return status;
    }
    RuleChoice choice;
    for (const std::string &text : options.select.empty() ? config.select.value_or(options.select) : options.select)
      choice.select.add(text);
    for (const std::string &text : options.ignore.empty() ? config.ignore.value_or(options.ignore) : options.ignore)
      choice.ignore.add(text);

    Diagnostics diagnostics;
    auto input = readInput(path, diagnostics);
    CrashFile inputFile("input", input ? std::string_view(input->text().data(), input->text().size()) : "");
    if (input)
      checkKernel(*input, mine, diagnostics);
    std::vector<Diagnostic> kept;
    for (const Diagnostic &diagnostic : diagnostics.all()) {
      bool isSuppressed = choice.wants(diagnostic.code) && suppressions.covers(diagnostic, path);
      suppressed += isSuppressed;
      if (choice.wants(diagnostic.code) && !isSuppressed)
        kept.push_back(diagnostic);
    }
    tell(path == "-" ? "<stdin>" : path, std::move(kept));
    return exitDone;
  }

  /// Text is printed as it is found; the other forms need all of it.
  void tell(const std::string &path, std::vector<Diagnostic> diagnostics) {
    all.insert(all.end(), diagnostics.begin(), diagnostics.end());
    if (options.format == report::FindingsFormat::text) {
      Diagnostics list;
      for (const Diagnostic &diagnostic : diagnostics)
        list.report(diagnostic);
      report(list);
    } else if (exitCodeFor(diagnostics) == exitInternal) {
      noteReproducer();
    }
    findings.push_back({path, std::move(diagnostics)});
  }

  int finish() {
    bool isText = options.format == report::FindingsFormat::text;
    if (!isText)
      print(report::formatFindings(options.format, findings, {versionNumber(), "rblnc check"}));
    if (options.statistics)
      isText ? print(report::findingsStatistics(findings)) : printAside(report::findingsStatistics(findings));
    std::string summary = report::findingsSummary(findings);
    if (suppressed)
      summary += fmt::format("; {} suppressed by comments", suppressed);
    if (isText)
      printAside("rblnc: " + summary + "\n");
    return exitCodeFor(all);
  }

  const Options &options;
  CompileOptions compileOptions;
  CheckConfig named;
  CheckConfigs configs;
  Suppressions suppressions;
  size_t suppressed = 0;
  std::vector<report::InputFindings> findings;
  std::vector<Diagnostic> all;
};

} // namespace

std::function<int()> setupCheck(Command &command) {
  auto options = std::make_shared<Options>();
  command
      .words("IN", options->inputs,
             "Kernels in Triton's IR; of a folder every .ttir file in it and below; - for standard input")
      .required();
  options->kernel.addSpecialisation(command);
  options->targets.addTo(command, "Plan the kernel for these chips too, so that what does not fit them is found");
  command.flag("--strict", options->kernel.strict, "Warnings are errors");
  command.commaList("--select", options->select, "Only these rules: codes or beginnings of codes, as W,C00", "CODE");
  command.commaList("--ignore", options->ignore, "None of these rules", "CODE");
  command.flag("--statistics", options->statistics, "Count the findings of each code");
  std::vector<std::pair<std::string_view, report::FindingsFormat>> formats;
  for (std::string_view name : report::findingsFormatNames())
    formats.emplace_back(name, *report::findingsFormatFromName(name));
  command.choice<report::FindingsFormat>("--format", options->format, formats,
                                         "text (on standard error), or json, sarif, github or junit on standard output",
                                         "FORMAT");
  Option config = command.file("--config", options->config,
                               "The configuration for all inputs, instead of the rblnc.toml or the pyproject.toml "
                               "with [tool.rblnc] that is nearest to each");
  command.flag("--no-config", options->noConfig, "Without a configuration").excludes(config);
  command.examples({{"rblnc check kernel.ttir", "every rule that it breaks, and what to write instead"},
                    {"rblnc check kernels/ --ignore W --statistics", "a folder of kernels, without warnings"},
                    {"rblnc check kernel.ttir --bind rows=128 --target=rbln-ca25", "of these sizes, on this chip"},
                    {"rblnc check kernels/ --format=sarif > findings.sarif", "for a code host or an editor"}});
  return [options] { return Check(*options).run(); };
}

} // namespace rblnc::cli
