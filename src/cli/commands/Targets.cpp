// rblnc targets: the chips and the figures that the planner and the timing model use.
#include "Subcommands.h"
#include "options/Command.h"
#include "rblnc/target/Target.h"
#include "terminal/Output.h"
#include "terminal/Text.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <fmt/format.h>

namespace rblnc::cli {
namespace {

struct Options {
  std::string name;
  bool json = false;
};

constexpr double mebi = 1 << 20;
constexpr double gibi = 1 << 30;

/// One chip is printed as its file, so that it can be edited and passed to --target-file; all of them as a list.
void printJson(llvm::ArrayRef<Target> targets, bool isList) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream json(stream, 2);
  if (isList)
    json.object([&] {
      json.attribute("schema", 1);
      json.attributeArray("targets", [&] {
        for (const Target &target : targets)
          writeTarget(json, target);
      });
    });
  else
    writeTarget(json, targets.front());
  print(text + "\n");
}

void printTable() {
  std::vector<std::vector<std::string>> rows{
      {"name", "product", "engines", "scratchpad MiB", "shared MiB", "DRAM GiB", "DRAM GB/s", "f16 TFLOPS", "compute"}};
  for (const Target &t : allTargets())
    rows.push_back(
        {t.name, t.product, fmt::format("{}", t.engines),
         fmt::format("{:g}", static_cast<double>(t.scratchpadBytes) / mebi),
         fmt::format("{:g}", static_cast<double>(t.sharedBytes) / mebi),
         fmt::format("{:g}", static_cast<double>(t.dramBytes) / gibi), fmt::format("{:g}", t.dramBytesPerSecond / 1e9),
         fmt::format("{:g}", t.matmulFlopsPerSecond * t.engines / 1e12),
         nameOf(t.computeDType).str() + (llvm::StringRef(t.name) == defaultTargetName ? "  (default)" : "")});
  print(columns(rows, "llrrrrrrl"));
}

void printFigures(const Target &target) {
  print(fmt::format("{} ({})\n", target.name, target.product));
  std::vector<std::vector<std::string>> rows;
  for (const TargetFigure &figure : target.figures)
    rows.push_back({"  " + figure.key, figure.value, figure.source});
  print(columns(rows, "lll"));
}

int list(const Options &options) {
  if (options.name.empty()) {
    if (options.json)
      printJson(allTargets(), /*isList=*/true);
    else
      printTable();
    return exitDone;
  }
  auto target = findTarget(options.name);
  if (!target) {
    report(target.takeError());
    return exitUsage;
  }
  if (options.json)
    printJson(**target, /*isList=*/false);
  else
    printFigures(**target);
  return exitDone;
}

} // namespace

std::function<int()> setupTargets(Command &command) {
  auto options = std::make_shared<Options>();
  command.option("NAME", options->name, "Show every figure of one chip, with its source");
  command.flag("--json", options->json,
               "Print JSON; of one chip, a description that can be edited and passed to --target-file");
  command.examples(
      {{"rblnc targets rbln-ca25", "every figure of the model, with its source"},
       {"rblnc targets rbln-ca22 --json > mine.json", "a description to edit, for --target-file=mine.json"}});
  return [options] { return list(*options); };
}

} // namespace rblnc::cli
