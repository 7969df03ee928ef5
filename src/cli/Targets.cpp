// rblnc targets: the chips and the figures that the planner and the timing model use.
#include "Output.h"
#include "Subcommands.h"
#include "rblnc/target/Target.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>
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
    json.array([&] {
      for (const Target &target : targets)
        writeTarget(json, target);
    });
  else
    writeTarget(json, targets.front());
  print(text + "\n");
}

void printTable() {
  print(fmt::format("{:<12} {:<14} {:>7} {:>14} {:>10} {:>9} {:>9} {:>11}  {}\n", "name", "product", "engines",
                    "scratchpad MiB", "shared MiB", "DRAM GiB", "DRAM GB/s", "f16 TFLOPS", "compute"));
  for (const Target &t : allTargets())
    print(fmt::format("{:<12} {:<14} {:>7} {:>14g} {:>10g} {:>9g} {:>9g} {:>11g}  {}{}\n", t.name, t.product, t.engines,
                      static_cast<double>(t.scratchpadBytes) / mebi, static_cast<double>(t.sharedBytes) / mebi,
                      static_cast<double>(t.dramBytes) / gibi, t.dramBytesPerSecond / 1e9,
                      t.matmulFlopsPerSecond * t.engines / 1e12, nameOf(t.computeDType).str(),
                      llvm::StringRef(t.name) == defaultTargetName ? "  (default)" : ""));
}

void printFigures(const Target &target) {
  print(fmt::format("{} ({})\n", target.name, target.product));
  for (const TargetFigure &figure : target.figures)
    print(fmt::format("  {:<26} {:<14} {}\n", figure.key, figure.value, figure.source));
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

std::function<int()> setupTargets(CLI::App &app) {
  auto options = std::make_shared<Options>();
  app.add_option("NAME", options->name, "Show every figure of one chip, with its source");
  app.add_flag("--json", options->json,
               "Print JSON; of one chip, a description that can be edited and passed to --target-file");
  return [options] { return list(*options); };
}

} // namespace rblnc::cli
