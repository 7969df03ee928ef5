#include "RuleChoice.h"

#include "rblnc/support/Spelling.h"

#include "llvm/ADT/StringRef.h"

#include <algorithm>

namespace rblnc::cli {

bool isRule(const CodeInfo &info) { return info.category() == 'C' || info.category() == 'W' || info.category() == 'P'; }

std::optional<std::string> RuleSet::add(std::string_view text) {
  constexpr std::string_view start = "RBLN-";
  std::string prefix = llvm::StringRef(text.data(), text.size()).trim().upper();
  if (prefix.starts_with(start))
    prefix.erase(0, start.size());
  bool isCode = false, isAnyRule = false;
  std::vector<std::string_view> names;
  for (const CodeInfo &info : allCodes()) {
    std::string_view name = info.name.substr(start.size());
    isCode |= name.starts_with(prefix);
    isAnyRule |= name.starts_with(prefix) && isRule(info);
    if (isRule(info))
      names.push_back(name);
  }
  if (prefix.empty() || !isCode)
    return "'" + std::string(text) + "' is no code and no beginning of one" + didYouMean(prefix, names);
  if (!isAnyRule)
    return "'" + std::string(text) + "' is no rule of kernels: only C, W and P codes can be chosen";
  prefixes.push_back(std::move(prefix));
  return std::nullopt;
}

bool RuleSet::contains(Code code) const {
  std::string_view name = infoOf(code).name.substr(5);
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string &prefix) { return name.starts_with(prefix); });
}

bool RuleChoice::wants(Code code) const {
  if (!isRule(infoOf(code)))
    return true;
  return (select.isEmpty() || select.contains(code)) && !ignore.contains(code);
}

} // namespace rblnc::cli
