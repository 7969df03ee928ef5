// What the results of a run must be, from files: --expect of `run`, `expect` of a manifest.
#pragma once

#include "Emulation.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rblnc::cli {

struct Tolerances {
  /// Those of torch.testing.assert_close when neither is given.
  std::optional<double> relative, absolute;
  bool equalNaN = false;
};

class Expectations {
public:
  /// `texts` are NAME=FILE, for parameters of the kernel. Like all that goes wrong here, names that are none are among
  /// the diagnostics of `emulation`, which lives as long as this.
  Expectations(const std::vector<std::string> &texts, const Tolerances &tolerances, Emulation &emulation);

  bool has(size_t parameter) const { return files.contains(parameter); }
  /// Reads the files, after the arguments have been made. R008 for one of another shape.
  void load();
  /// Compares after the run: RBLN-R011 for each result that differs, and a line for each that does not.
  std::vector<std::string> compare();

private:
  Tolerances tolerances;
  Emulation &emulation;
  /// By the parameter's place.
  std::map<size_t, std::string> files;
  std::map<size_t, Tensor> expected;
};

} // namespace rblnc::cli
