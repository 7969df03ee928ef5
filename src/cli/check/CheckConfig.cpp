#include "CheckConfig.h"

#include "RuleChoice.h"
#include "rblnc/support/Config.h"
#include "rblnc/support/Spelling.h"

#include <filesystem>
#include <fmt/format.h>

namespace rblnc::cli {
namespace {

namespace fs = std::filesystem;

class Reader {
public:
  explicit Reader(CheckConfig &config) : config(config) {}

  llvm::Error read(const ConfigNode &section) {
    for (const auto &[key, value] : section.entries) {
      llvm::Error error = key == "select"   ? rules(key, value, config.select)
                          : key == "ignore" ? rules(key, value, config.ignore)
                          : key == "target" ? strings(key, value, config.targets)
                          : key == "strict" ? flag(key, value, config.strict)
                                            : unknown(key, value, {"select", "ignore", "target", "strict"});
      if (error)
        return error;
    }
    return llvm::Error::success();
  }

  llvm::Error unknown(const std::string &key, const ConfigNode &value, const std::vector<std::string_view> &known) {
    return configError(config.path, value, fmt::format("there is no key '{}'{}", key, didYouMean(key, known)));
  }

private:
  llvm::Error strings(const std::string &key, const ConfigNode &value,
                      std::optional<std::vector<std::string>> &result) {
    result.emplace();
    bool isRight = value.kind == ConfigNode::List;
    for (const ConfigNode &each : value.items) {
      isRight &= each.kind == ConfigNode::String;
      result->push_back(each.text);
    }
    return isRight ? llvm::Error::success()
                   : configError(config.path, value, fmt::format("'{}' must be a list of strings", key));
  }

  llvm::Error rules(const std::string &key, const ConfigNode &value, std::optional<std::vector<std::string>> &result) {
    if (llvm::Error error = strings(key, value, result))
      return error;
    RuleSet set;
    for (const std::string &text : *result)
      if (auto problem = set.add(text))
        return configError(config.path, value, fmt::format("{}: {}", key, *problem));
    return llvm::Error::success();
  }

  llvm::Error flag(const std::string &key, const ConfigNode &value, std::optional<bool> &result) {
    if (value.kind != ConfigNode::Boolean)
      return configError(config.path, value, fmt::format("'{}' must be true or false", key));
    result = value.flag;
    return llvm::Error::success();
  }

  CheckConfig &config;
};

bool isProject(const std::string &path) { return fs::path(path).filename() == "pyproject.toml"; }

/// Nothing when it is a pyproject.toml that says nothing about us.
llvm::Expected<std::optional<CheckConfig>> readIfMeant(const std::string &path) {
  auto whole = readConfig(path);
  if (!whole)
    return whole.takeError();
  const ConfigNode *ours = &*whole;
  CheckConfig config;
  config.path = path;
  if (isProject(path)) {
    const ConfigNode *tools = whole->find("tool");
    ours = tools ? tools->find("rblnc") : nullptr;
    if (!ours)
      return std::nullopt;
  }
  Reader reader(config);
  for (const auto &[name, section] : ours->entries) {
    // [batch] and [lint] are for others.
    if (name == "batch" || name == "lint")
      continue;
    if (name != "check")
      return reader.unknown(name, section, {"check", "batch", "lint"});
    if (section.kind != ConfigNode::Table)
      return configError(path, section, "'check' must be a table");
    if (llvm::Error error = reader.read(section))
      return error;
  }
  return config;
}

} // namespace

llvm::Expected<CheckConfig> readCheckConfig(const std::string &path) {
  auto config = readIfMeant(path);
  if (!config)
    return config.takeError();
  if (!*config)
    return configError(path, {}, "it has no [tool.rblnc]");
  return std::move(**config);
}

llvm::Expected<CheckConfig> CheckConfigs::of(const std::string &input) {
  std::error_code error;
  fs::path start = fs::weakly_canonical(fs::absolute(input == "-" ? "x" : input, error), error).parent_path();
  for (fs::path folder = start;; folder = folder.parent_path()) {
    auto known = byFolder.find(folder.string());
    if (known != byFolder.end())
      return byFolder[start.string()] = known->second;
    for (const char *name : {"rblnc.toml", "pyproject.toml"}) {
      fs::path path = folder / name;
      if (!fs::is_regular_file(path, error))
        continue;
      auto config = readIfMeant(path.string());
      if (!config)
        return config.takeError();
      if (*config)
        return byFolder[start.string()] = std::move(**config);
    }
    if (folder == folder.parent_path())
      return byFolder[start.string()] = CheckConfig();
  }
}

} // namespace rblnc::cli
