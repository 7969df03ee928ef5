// rblnc diff: what changed between two bundles, two folders of bundles, or two reports of batches.
#include "Subcommands.h"
#include "diff/Render.h"
#include "options/Command.h"
#include "pool/Pool.h"
#include "terminal/Output.h"

#include <filesystem>

namespace rblnc::cli {
namespace {

struct Options {
  std::string before, after, gates;
  unsigned workers = defaultWorkers();
  bool byLine = false, json = false, markdown = false;
};

int compareAll(const Options &options) {
  std::string wrong;
  auto gates = diff::parseGates(options.gates, wrong);
  if (!gates)
    return usageError("--fail-if takes METRIC>+NUMBER% or METRIC>+NUMBER, not '" + wrong +
                      "'\nrblnc: note: the metrics are time (us), dram and scratchpad (bytes)");
  if (options.json && options.markdown)
    return usageError("--json and --markdown exclude each other");
  // Two bundles are of one kernel, whatever their files are called.
  std::string name = std::filesystem::path(options.after).stem().string();
  bool areBundles = diff::isBundle(options.before) && diff::isBundle(options.after);
  auto before = diff::measure(options.before, areBundles ? name : "", options.workers);
  if (!before)
    return report(before.takeError());
  auto after = diff::measure(options.after, areBundles ? name : "", options.workers);
  if (!after)
    return report(after.takeError());
  std::vector<diff::Row> rows = diff::compareSides(*before, *after, *gates, options.byLine);
  print(options.json ? diff::renderJson(rows) : options.markdown ? diff::renderMarkdown(rows) : diff::renderText(rows));
  return diff::isAnyTripped(rows) ? exitDiffers : exitDone;
}

} // namespace

std::function<int()> setupDiff(Command &command) {
  auto options = std::make_shared<Options>();
  command.option("OLD", options->before, "A bundle, a folder of bundles, or the JSON report of `rblnc batch --run`")
      .required();
  command.option("NEW", options->after, "The same, later").required();
  command
      .option("--fail-if", options->gates,
              "Status 3 when a kernel became worse by more than that: 'time>+2%,dram>+5%,scratchpad>+10%'; without "
              "'%' in us or bytes")
      .type("GATES");
  command.flag("--by-line", options->byLine, "Tell the Python lines that changed, too");
  command.flag("--json", options->json, "As JSON");
  command.flag("--markdown", options->markdown, "As a table that fits a comment of a pull request");
  command
      .option("-j,--jobs", options->workers, "Processes that run bundles at the same time (default: one a processor)")
      .within(1, 1024)
      .type("N");
  return [options] { return compareAll(*options); };
}

} // namespace rblnc::cli
