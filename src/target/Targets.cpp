// The known chips, read once from the descriptions that are built in.
#include "Chips.h"

#include "rblnc/support/Error.h"
#include "rblnc/support/Spelling.h"
#include "rblnc/target/Target.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

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

std::vector<int64_t> lineElementsOf(std::span<const Target> targets) {
  if (targets.empty())
    return {llvm::cantFail(findTarget(defaultTargetName))->lineElements};
  std::vector<int64_t> lines;
  for (const Target &target : targets)
    lines.push_back(target.lineElements);
  std::sort(lines.begin(), lines.end(), std::greater<>());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

llvm::Expected<const Target *> findTarget(llvm::StringRef name) {
  std::vector<std::string_view> known;
  for (const Target &target : allTargets()) {
    if (target.name == name)
      return &target;
    known.push_back(target.name);
  }
  return makeError(Code::I050, fmt::format("there is no target '{}'{}", name.str(), didYouMean(name.str(), known)),
                   fmt::format("use one of {}", fmt::join(known, ", ")));
}

} // namespace rblnc
