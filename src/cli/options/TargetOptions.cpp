#include "TargetOptions.h"

#include "Command.h"
#include "terminal/Output.h"

namespace rblnc::cli {

std::optional<std::string> repeatedTarget(std::span<const Target> targets) {
  for (size_t i = 1; i < targets.size(); ++i)
    for (const Target &earlier : targets.first(i))
      if (earlier.name == targets[i].name)
        return earlier.name;
  return std::nullopt;
}

void TargetOptions::addTo(Command &command, const std::string &text) {
  command.commaList("--target", names, text, "CHIP");
  command.list("--target-file", files,
               "A chip of your own, as JSON; `rblnc targets rbln-ca22 --json` prints one to start from", "FILE");
}

int TargetOptions::resolve(std::vector<Target> &targets) const {
  for (const std::string &name : names) {
    auto target = findTarget(name);
    if (!target) {
      report(target.takeError());
      return exitUsage;
    }
    targets.push_back(**target);
  }
  for (const std::string &file : files) {
    auto target = readTargetFile(file);
    if (!target)
      return report(target.takeError());
    targets.push_back(std::move(*target));
  }
  if (targets.empty())
    targets.push_back(*llvm::cantFail(findTarget(defaultTargetName)));
  if (auto name = repeatedTarget(targets))
    return usageError("the target '" + *name + "' is given twice");
  return exitDone;
}

} // namespace rblnc::cli
