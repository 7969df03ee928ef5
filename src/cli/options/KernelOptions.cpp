#include "KernelOptions.h"

#include "Command.h"
#include "rblnc/cli/Argument.h"
#include "terminal/Output.h"

#include <algorithm>

namespace rblnc::cli {

std::vector<std::pair<std::string_view, Split>> splitChoices() {
  return {{"auto", Split::automatic}, {"none", Split::none}, {"most", Split::most}};
}

std::vector<std::pair<std::string_view, std::optional<ComputeDType>>> computeDTypeChoices() {
  return {{"bf16", ComputeDType::bf16}, {"dlf16", ComputeDType::dlf16}};
}

void KernelOptions::addSpecialisation(Command &command) {
  command.list("--bind", binds, "Make a scalar argument a constant", "NAME=VALUE");
  command.list("--shape", shapes, "The real shape of an array", "NAME=2x16x8");
}

void addPlanOptions(Command &command, PlanOptions &plan) {
  command.choice<Split>(
      "--split", plan.split, splitChoices(),
      "How to lay the kernel over the engines: auto, none (one engine) or most (as many as can be used); "
      "results are the same",
      "HOW");
  command.option("--engines", plan.engines, "Use at most N engines; results are the same")
      .within(int64_t{1}, maxParts)
      .type("N");
  command
      .option("--rounds", plan.rounds,
              "Go through an engine's part in N rounds, where extents allow it (default: as many as fit its "
              "scratchpad and overlap well); results are the same")
      .within(int64_t{1}, maxParts)
      .type("N");
}

void KernelOptions::addTo(Command &command) {
  addSpecialisation(command);
  command
      .option("--host-layout", hostLayout,
              "Positions of arguments that stay row-major on the device, as 1:2:3, counted from 0 without the "
              "kernel's result; recorded in the bundle, results are the same")
      .type("POSITIONS");
  command.choice<std::optional<ComputeDType>>(
      "--compute-dtype", computeDType, computeDTypeChoices(),
      "The type that --numerics=device computes in: bf16 or dlf16 (default: the chip's own); recorded in the bundle",
      "TYPE");
  addPlanOptions(command, plan);
  command.flag("--strict", strict, "Warnings are errors");
  command.flag(
      "--naive-partition-skip", naivePartitionSkip,
      "rblib.partition_skip without the look at the element before: the token at a border of partitions is lost");
}

int KernelOptions::fill(CompileOptions &result) const {
  result.strict = strict;
  result.naivePartitionSkip = naivePartitionSkip;
  result.hostLayout = hostLayout;
  result.computeDType = computeDType;
  result.plan = plan;
  for (const std::string &text : binds) {
    size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
      return usageError("--bind takes NAME=VALUE, not '" + text + "'");
    if (!result.binds.emplace(text.substr(0, equals), text.substr(equals + 1)).second)
      return usageError("--bind is given twice for '" + text.substr(0, equals) + "'");
  }
  for (const std::string &text : shapes) {
    size_t equals = text.find('=');
    auto shape = equals == std::string::npos || equals == 0 ? std::nullopt : parseShape(text.substr(equals + 1));
    if (!shape || std::find(shape->begin(), shape->end(), 0) != shape->end())
      return usageError("--shape takes NAME=2x16x8, not '" + text + "'");
    if (!result.shapes.emplace(text.substr(0, equals), std::move(*shape)).second)
      return usageError("--shape is given twice for '" + text.substr(0, equals) + "'");
  }
  return exitDone;
}

} // namespace rblnc::cli
