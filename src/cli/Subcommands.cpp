// Command line parsing: the table of subcommands, the options that all share, and what is said when parsing fails.
#include "commands/Subcommands.h"

#include "options/Command.h"

#include "rblnc/driver/Version.h"
#include "rblnc/support/Spelling.h"
#include "terminal/Attended.h"
#include "terminal/Help.h"
#include "terminal/Log.h"
#include "terminal/Output.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace rblnc::cli {
namespace {

struct Row {
  const char *name;
  const char *summary;
  Setup *setup;
};

constexpr Row table[] = {
    {"compile", "Compile a kernel to a bundle", setupCompile},
    {"batch", "Compile many kernels at once", setupBatch},
    {"check", "Check kernels against the rules of the chip", setupCheck},
    {"run", "Run a bundle on the emulator", setupRun},
    {"compare", "Compare chips: one kernel on several, in one table", setupCompare},
    {"report", "Show where the modelled time of a run goes, as a page", setupReport},
    {"inspect", "Show what is in a bundle", setupInspect},
    {"diff", "Show what changed between bundles, folders of them, or batches", setupDiff},
    {"cache", "Show or prune the cache of compilations", setupCache},
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
  std::vector<std::string_view> names = subcommandNames();
  return std::find(names.begin(), names.end(), name) != names.end();
}

int noSubcommand(const std::string &name) {
  return usageError("there is no subcommand '" + name + "'" + didYouMean(name, subcommandNames()) +
                    "\nrblnc: note: `rblnc --help` lists them");
}

/// Finds what a misspelt option of a subcommand was meant to be.
std::string suggestOption(const CLI::App &app, const std::string &word) {
  if (!word.starts_with('-'))
    return "";
  std::vector<std::string> names;
  for (const CLI::Option *option : app.get_options())
    for (const std::string &name : option->get_lnames())
      names.push_back("--" + name);
  return didYouMean(word.substr(0, word.find('=')), {names.begin(), names.end()});
}

/// An option that nobody knows is what is wrong, whatever is missing for it; "" when there is none.
std::string firstExtra(const CLI::App &app, bool mustBeOption) {
  std::vector<std::string> extras = app.remaining();
  for (const std::string &word : extras)
    if (!mustBeOption || word.starts_with('-'))
      return word;
  return "";
}

/// A flag that a file may be given to with '=' looks as if the next word could be the file.
std::string missingEquals(const CLI::App &app) {
  for (const CLI::Option *option : app.get_options())
    for (const char *name : {"stats", "time-report"})
      if (option->count() && option->check_lname(name) && option->results().back() == "true")
        return "\nrblnc: note: a file for --" + std::string(name) + " is written with '=': --" + name + "=FILE";
  return "";
}

int parseFailure(const CLI::App &app, const CLI::ParseError &error) {
  const CLI::App *chosen = &app;
  for (const CLI::App *sub : app.get_subcommands())
    chosen = sub;
  std::string where = chosen == &app ? "rblnc" : "rblnc " + chosen->get_name();
  std::string message = error.what(), note;
  std::string extra = firstExtra(*chosen, /*mustBeOption=*/!dynamic_cast<const CLI::ExtrasError *>(&error));
  if (!extra.empty()) {
    message = "'" + extra + "' was not expected" + suggestOption(*chosen, extra);
    note = extra.starts_with('-') ? "" : missingEquals(*chosen);
  }
  return usageError(message + note + "\nrblnc: note: `" + where + " --help` lists what can be written");
}

/// "--name=" in front of "--": the parser would take the next word for its value. "" when there is none.
std::string optionWithoutValue(int argc, char **argv) {
  for (int i = 1; i < argc; ++i) {
    std::string_view word = argv[i];
    if (word == "--")
      break;
    if (word.starts_with("--") && word.find('=') == word.size() - 1)
      return std::string(word);
  }
  return "";
}

/// `rblnc help [SUBCOMMAND]`.
int help(CLI::App &app, int argc, char **argv) {
  if (argc > 3)
    return usageError("'" + std::string(argv[3]) + "' was not expected\nrblnc: note: write `rblnc help [SUBCOMMAND]`");
  std::string_view name = argc == 3 ? argv[2] : "";
  if (name.empty() || name == "help" || name == "--help" || name == "-h")
    print(app.help());
  else if (isSubcommand(name))
    print(app.get_subcommand(std::string(name))->help(app.get_name()));
  else
    return noSubcommand(std::string(name));
  return exitDone;
}

/// What stands in front of the subcommand is an option of the program itself, and there are three.
int noOption(const std::string &word) {
  std::string name = word.substr(0, word.find('='));
  return usageError(
      "'" + word + "' is no option of rblnc" + didYouMean(name, {"--help", "--version"}) +
      "\nrblnc: note: options stand after a subcommand\nrblnc: note: `rblnc --help` lists the subcommands");
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
  app.formatter(helpFormatter());
  app.footer("`rblnc help SUBCOMMAND` lists the options of one.\n\n"
             "Exit status: 0 done, 1 the input was rejected, 2 usage, 3 a result differs, 4 not a usable bundle, "
             "70 internal error, 130 interrupted.");
  Command(app).examples({{"rblnc check kernel.ttir", "which rules a kernel breaks, and what to write instead"},
                         {"rblnc compile kernel.ttir -o kernel.rbln", "writes a bundle"},
                         {"rblnc run kernel.rbln --arg x=x.npy --out y=y.npy", "runs it on the emulator"}});
  bool verbose = false;
  std::vector<std::function<int()>> actions;
  for (const Row &row : table) {
    CLI::App *sub = app.add_subcommand(row.name, row.summary);
    sub->add_flag("-v,--verbose", verbose, "Say on standard error what is being done");
    Command command(*sub);
    actions.push_back(row.setup(command));
  }

  if (argc == 1) {
    print(app.help());
    return exitUsage;
  }
  std::string first = argv[1];
  if (first == "help")
    return help(app, argc, argv);
  if (first.starts_with('-') && first != "--help" && first != "-h" && first != "--version")
    return noOption(first);
  if (!first.starts_with('-') && !isSubcommand(first))
    return noSubcommand(first);
  if (std::string word = optionWithoutValue(argc, argv); !word.empty())
    return usageError("'" + word + "' has no value\nrblnc: note: `rblnc " + first +
                      " --help` lists what can be written");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForVersion &) {
    print(versionText());
    return exitDone;
  } catch (const CLI::Success &) { // --help
    const CLI::App *chosen = &app;
    for (const CLI::App *sub : app.get_subcommands())
      chosen = sub;
    print(chosen == &app ? app.help() : chosen->help(app.get_name()));
    return exitDone;
  } catch (const CLI::ParseError &error) {
    return parseFailure(app, error);
  }
  if (verbose)
    enableLog();
  for (size_t i = 0; i < actions.size(); ++i)
    if (app.got_subcommand(table[i].name)) {
      Attended attended;
      return actions[i]();
    }
  return exitUsage;
}

} // namespace rblnc::cli
