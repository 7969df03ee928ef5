// The known chips, read once from the descriptions that are built in.
#include "Chips.h"

#include "rblnc/support/Error.h"
#include "rblnc/target/Target.h"

#include <algorithm>
#include <fmt/format.h>

namespace rblnc {

std::span<const Target> allTargets() {
  static const std::vector<Target> targets = [] {
    std::vector<Target> result;
    for (const ChipFile &file : chipFiles())
      // The files are part of the program and a test reads every one of them.
      result.push_back(llvm::cantFail(parseTarget(file.json, file.name)));
    std::sort(result.begin(), result.end(), [](const Target &a, const Target &b) { return a.name < b.name; });
    return result;
  }();
  return targets;
}

llvm::Expected<const Target *> findTarget(llvm::StringRef name) {
  std::string known;
  for (const Target &target : allTargets()) {
    if (target.name == name)
      return &target;
    known += (known.empty() ? "" : ", ") + target.name;
  }
  return makeError(Code::I050, fmt::format("there is no target '{}'", name.str()), "use one of " + known);
}

} // namespace rblnc
