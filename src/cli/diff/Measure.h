// The figures of kernels on one side of a comparison.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace rblnc::cli::diff {

/// What is compared; a new figure is a row of `metrics` and a line where it is measured.
enum Metric : uint8_t { time, dram, scratchpad };
struct MetricInfo {
  std::string_view name; ///< in a gate, and in JSON
  std::string_view unit;
};
inline constexpr std::array<MetricInfo, 3> metrics = {{{"time", "us"}, {"dram", "B"}, {"scratchpad", "B"}}};

using Values = std::array<double, metrics.size()>;

struct Measure {
  Values values = {};
  /// By "kernel.py:12"; of a line there are no peaks. Empty for kernels that were not run here.
  std::map<std::string, Values> lines;
  /// Why there are no figures.
  std::string fault;

  llvm::json::Value toJson() const;
  static std::optional<Measure> fromJson(const llvm::json::Value &value);
};

/// Kernels by name. A bundle for several chips has an entry "name [chip]" for each.
using Side = std::map<std::string, Measure>;

/// A bundle, a folder of bundles or the JSON report of a batch with figures. Bundles run on the emulator, each with the
/// same seeded data and in a process of its own, `workers` at a time. Errors: R004 when the path cannot be read, B
/// codes for a single bundle that cannot be opened, I052 for a report that is none. `name`: of the kernel when the path
/// is one bundle; empty for the file's.
llvm::Expected<Side> measure(const std::string &path, const std::string &name, unsigned workers);

/// Whether a path is to be one bundle, and neither a folder nor a report.
bool isBundle(const std::string &path);

} // namespace rblnc::cli::diff
