// What a project says about `rblnc check`: [tool.rblnc.check] of its pyproject.toml, or [check] of a rblnc.toml.
#pragma once

#include "llvm/Support/Error.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rblnc::cli {

/// An option that is not set is nothing.
struct CheckConfig {
  /// The file that it stands in; empty when there is none.
  std::string path;
  std::optional<std::vector<std::string>> select, ignore, targets;
  std::optional<bool> strict;
};

/// Reads a file. One that is not named pyproject.toml has its keys in [check]. Errors I001 and I052, which names the
/// key.
llvm::Expected<CheckConfig> readCheckConfig(const std::string &path);

/// Finds the file that holds for an input: the nearest one upwards from its folder, a rblnc.toml before a
/// pyproject.toml, which counts only when it has [tool.rblnc]. Files are read once.
class CheckConfigs {
public:
  llvm::Expected<CheckConfig> of(const std::string &input);

private:
  std::map<std::string, CheckConfig> byFolder;
};

} // namespace rblnc::cli
