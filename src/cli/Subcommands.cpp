// Command line parsing: the table of subcommands, the options that all share, and what is said when parsing fails.
#include "Subcommands.h"

#include "Output.h"
#include "rblnc/driver/Version.h"

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace rblnc::cli {
namespace {

struct Row {
  const char *name;
  const char *summary;
  Setup *setup;
};

constexpr Row table[] = {
    {"compile", "Compile a kernel to a bundle", setupCompile},
    {"check", "Check kernels against the rules of the chip", setupCheck},
    {"run", "Run a bundle on the emulator", setupRun},
    {"compare", "Compare chips: one kernel on several, in one table", setupCompare},
    {"report", "Show where the modelled time of a run goes, as a page", setupReport},
    {"inspect", "Show what is in a bundle", setupInspect},
    {"explain", "Explain a diagnostic code, or list all", setupExplain},
    {"targets", "List the chips that can be compiled for", setupTargets},
    {"opt", "Parse, verify and print a module", setupOpt},
};

std::vector<std::string_view> subcommandNames() {
  std::vector<std::string_view> names;
  for (const Row &row : table)
    names.push_back(row.name);
  return names;
}

bool isSubcommand(std::string_view name) {
  for (const Row &row : table)
    if (name == row.name)
      return true;
  return false;
}

/// The long options of a subcommand, to find what a misspelt one was meant to be.
std::string suggestOption(const CLI::App &app, const std::string &word) {
  std::vector<std::string> names;
  for (const CLI::Option *option : app.get_options())
    for (const std::string &name : option->get_lnames())
      names.push_back("--" + name);
  return didYouMean(word.substr(0, word.find('=')), {names.begin(), names.end()});
}

int parseFailure(const CLI::App &app, const CLI::ParseError &error) {
  const CLI::App *chosen = &app;
  for (const CLI::App *sub : app.get_subcommands())
    chosen = sub;
  std::string where = chosen == &app ? "rblnc" : "rblnc " + chosen->get_name();
  std::string message = error.what();
  if (dynamic_cast<const CLI::ExtrasError *>(&error)) {
    std::vector<std::string> extras = chosen->remaining();
    if (extras.empty())
      extras = app.remaining();
    if (!extras.empty())
      message = "'" + extras.front() + "' was not expected" + suggestOption(*chosen, extras.front());
  }
  return usageError(message + "\nrblnc: note: `" + where + " --help` lists what can be written");
}

void enableLogging() {
  auto logger = spdlog::stderr_logger_st("rblnc");
  logger->set_pattern("rblnc: %v");
  logger->set_level(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
}

} // namespace

int runCommandLine(int argc, char **argv) {
  // The most common question gets its answer before anything is built.
  if (argc == 2 && std::string_view(argv[1]) == "--version") {
    print(versionText());
    return exitDone;
  }

  CLI::App app("Ahead-of-time compiler for Triton kernels on the RBLN NPU", "rblnc");
  app.set_help_flag("-h,--help", "Print this help");
  app.set_version_flag("--version", [] { return versionText(); });
  app.require_subcommand(1);
  app.footer("Exit status: 0 done, 1 the input was rejected, 2 usage, 3 a result differs, 4 not a usable bundle,\n"
             "70 internal error.");
  bool verbose = false;
  std::vector<std::function<int()>> actions;
  for (const Row &row : table) {
    CLI::App *sub = app.add_subcommand(row.name, row.summary);
    sub->add_flag("-v,--verbose", verbose, "Say on standard error what is being done");
    actions.push_back(row.setup(*sub));
  }

  if (argc == 1) {
    print(app.help());
    return exitUsage;
  }
  if (argv[1][0] != '-' && !isSubcommand(argv[1]))
    return usageError("there is no subcommand '" + std::string(argv[1]) + "'" + didYouMean(argv[1], subcommandNames()) +
                      "\nrblnc: note: `rblnc --help` lists them");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success &request) { // --help and --version
    app.exit(request);
    return exitDone;
  } catch (const CLI::ParseError &error) {
    return parseFailure(app, error);
  }
  if (verbose)
    enableLogging();
  else
    spdlog::set_level(spdlog::level::off);
  for (size_t i = 0; i < actions.size(); ++i)
    if (app.got_subcommand(table[i].name))
      return actions[i]();
  return exitUsage;
}

} // namespace rblnc::cli
