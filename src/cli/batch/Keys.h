// Compile keys: a kernel of a manifest that stands for one kernel for each combination of values.
//
//   keys = { dtype = ["f32", "f16"], N = [64, 128, 256] }
//   exclude = [{ dtype = "f16", N = ">128" }]
//
// "{dtype}" in a string of the kernel is replaced by the value. A value of `exclude` is one that excludes, a list of
// them, or a comparison with a number: "<", "<=", ">", ">=" or "!=" in front of it. All of a table must hold to
// exclude.
#pragma once

#include "rblnc/support/Config.h"

#include "llvm/Support/Error.h"

#include <map>
#include <string>
#include <vector>

namespace rblnc::cli::batch {

using KeyValues = std::map<std::string, std::string>;

/// The combinations that a kernel's `keys` and `exclude` leave, in the order of the keys' names and of their values;
/// one without values when it has no keys. Error I052.
llvm::Expected<std::vector<KeyValues>> combinationsOf(const ConfigNode &kernel, const std::string &path);

/// The string with each "{key}" replaced. Error I052 for a key that is none; "{{" and "}}" stand for braces.
llvm::Expected<std::string> substitute(const ConfigNode &string, const KeyValues &values, const std::string &path);

} // namespace rblnc::cli::batch
