// What the command line says about a kernel that is compiled.
#pragma once

#include "rblnc/driver/Compiler.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rblnc::cli {

class Command;

/// --split, --engines and --rounds.
void addPlanOptions(Command &command, PlanOptions &plan);

/// The words for --split and --compute-dtype, and what they mean.
std::vector<std::pair<std::string_view, Split>> splitChoices();
std::vector<std::pair<std::string_view, std::optional<ComputeDType>>> computeDTypeChoices();

/// More engines, or rounds, than these are a mistake.
constexpr int64_t maxParts = int64_t{1} << 20;

struct KernelOptions {
  std::vector<std::string> binds;
  std::vector<std::string> shapes;
  std::optional<std::string> hostLayout;
  std::optional<ComputeDType> computeDType;
  bool strict = false;
  bool naivePartitionSkip = false;
  PlanOptions plan;

  /// --bind and --shape.
  void addSpecialisation(Command &command);
  /// Those and all others.
  void addTo(Command &command);
  /// Gives the exit status when one of them cannot be read, with the error reported.
  int fill(CompileOptions &result) const;
};

} // namespace rblnc::cli
