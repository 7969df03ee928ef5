#include "CheckConfig.h"

#include "RuleChoice.h"
#include "rblnc/support/Error.h"
#include "rblnc/support/Spelling.h"
#include "rblnc/support/Toml.h"

#include <filesystem>
#include <fmt/format.h>

namespace rblnc::cli {
namespace {

namespace fs = std::filesystem;

llvm::Error wrong(const std::string &path, const std::string &what) {
  return makeError(Code::I052, fmt::format("{}: {}", path, what));
}

class Reader {
public:
  explicit Reader(CheckConfig &config) : config(config) {}

  llvm::Error read(const llvm::json::Object &section) {
    for (const auto &[key, value] : section) {
      std::string name = key.str();
      llvm::Error error = name == "select"   ? rules(name, value, config.select)
                          : name == "ignore" ? rules(name, value, config.ignore)
                          : name == "target" ? strings(name, value, config.targets)
                          : name == "strict" ? flag(name, value, config.strict)
                                             : unknown(name, {"select", "ignore", "target", "strict"});
      if (error)
        return error;
    }
    return llvm::Error::success();
  }

  llvm::Error unknown(const std::string &name, const std::vector<std::string_view> &known) {
    return wrong(config.path, fmt::format("there is no key '{}'{}", name, didYouMean(name, known)));
  }

private:
  llvm::Error strings(const std::string &name, const llvm::json::Value &value,
                      std::optional<std::vector<std::string>> &result) {
    result.emplace();
    const llvm::json::Array *list = value.getAsArray();
    if (!list)
      return wrong(config.path, fmt::format("'{}' must be a list of strings", name));
    for (const llvm::json::Value &each : *list) {
      auto text = each.getAsString();
      if (!text)
        return wrong(config.path, fmt::format("'{}' must be a list of strings", name));
      result->push_back(text->str());
    }
    return llvm::Error::success();
  }

  llvm::Error rules(const std::string &name, const llvm::json::Value &value,
                    std::optional<std::vector<std::string>> &result) {
    if (llvm::Error error = strings(name, value, result))
      return error;
    RuleSet set;
    for (const std::string &text : *result)
      if (auto problem = set.add(text))
        return wrong(config.path, fmt::format("{}: {}", name, *problem));
    return llvm::Error::success();
  }

  llvm::Error flag(const std::string &name, const llvm::json::Value &value, std::optional<bool> &result) {
    result = value.getAsBoolean();
    return result ? llvm::Error::success() : wrong(config.path, fmt::format("'{}' must be true or false", name));
  }

  CheckConfig &config;
};

bool isProject(const std::string &path) { return fs::path(path).filename() == "pyproject.toml"; }

/// Nothing when it is a pyproject.toml that says nothing about us.
llvm::Expected<std::optional<CheckConfig>> readIfMeant(const std::string &path) {
  auto whole = readToml(path);
  if (!whole)
    return whole.takeError();
  const llvm::json::Object *ours = &*whole;
  CheckConfig config;
  config.path = path;
  if (isProject(path)) {
    const llvm::json::Object *tools = whole->getObject("tool");
    ours = tools ? tools->getObject("rblnc") : nullptr;
    if (!ours)
      return std::nullopt;
  }
  Reader reader(config);
  for (const auto &[key, value] : *ours) {
    const llvm::json::Object *section = value.getAsObject();
    std::string name = key.str();
    // [batch] and [lint] are for others.
    if (name == "batch" || name == "lint")
      continue;
    if (name != "check")
      return reader.unknown(name, {"check", "batch", "lint"});
    if (!section)
      return wrong(path, "'check' must be a table");
    if (llvm::Error error = reader.read(*section))
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
    return wrong(path, "it has no [tool.rblnc]");
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
