#include "Keys.h"

#include "llvm/ADT/StringExtras.h"

#include <fmt/format.h>

namespace rblnc::cli::batch {
namespace {

/// As many kernels as one entry may stand for.
constexpr size_t maxCombinations = 1 << 20;

/// Whether a condition's text holds for a value; nothing for "<", "<=", ">" or ">=" before what is no number.
std::optional<bool> holds(llvm::StringRef condition, llvm::StringRef value) {
  static constexpr llvm::StringRef operators[] = {"<=", ">=", "!=", "<", ">"};
  for (llvm::StringRef op : operators) {
    llvm::StringRef text = condition;
    if (!text.consume_front(op))
      continue;
    text = text.trim();
    double wanted, given;
    bool isNumber = !text.getAsDouble(wanted), areNumbers = isNumber && !value.getAsDouble(given);
    if (op == "!=")
      return areNumbers ? given != wanted : value != text;
    if (!isNumber)
      return std::nullopt;
    if (!areNumbers)
      return false;
    return op == "<=" ? given <= wanted : op == ">=" ? given >= wanted : op == "<" ? given < wanted : given > wanted;
  }
  return condition == value;
}

llvm::Expected<bool> holds(const ConfigNode &condition, llvm::StringRef value, const std::string &path) {
  if (condition.kind == ConfigNode::Table)
    return configError(path, condition, "a condition of 'exclude' is a value, a list of values or a comparison");
  if (condition.kind != ConfigNode::List) {
    std::string text = condition.scalarText();
    if (std::optional<bool> does = holds(llvm::StringRef(text), value))
      return *does;
    return configError(path, condition, fmt::format("'{}' in 'exclude' compares with no number", text));
  }
  for (const ConfigNode &item : condition.items) {
    auto does = holds(item, value, path);
    if (!does || *does)
      return does;
  }
  return false;
}

llvm::Expected<bool> isExcluded(const ConfigNode &exclude, const KeyValues &values, const std::string &path) {
  for (const ConfigNode &table : exclude.items) {
    if (table.kind != ConfigNode::Table)
      return configError(path, table, fmt::format("'exclude' holds {}, not tables", table.kindName()),
                         "write exclude = [{ key = value }]");
    bool all = !table.entries.empty();
    for (const auto &[key, condition] : table.entries) {
      auto value = values.find(key);
      if (value == values.end())
        return configError(path, condition, fmt::format("'exclude' names '{}', which is not one of the keys", key));
      auto does = holds(condition, value->second, path);
      if (!does)
        return does.takeError();
      all &= *does;
    }
    if (all)
      return true;
  }
  return false;
}

/// Every combination of the keys' values.
llvm::Expected<std::vector<KeyValues>> productOf(const ConfigNode &keys, const std::string &path) {
  std::vector<KeyValues> product(1);
  for (const auto &[key, list] : keys.entries) {
    if (list.kind != ConfigNode::List || list.items.empty())
      return configError(
          path, list,
          fmt::format("the key '{}' is {}", key, list.kind == ConfigNode::List ? "an empty list" : list.kindName()),
          fmt::format("list its values: {} = [64, 128]", key));
    if (product.size() > maxCombinations / list.items.size())
      return configError(path, keys, fmt::format("the keys make more than {} kernels", maxCombinations));
    std::vector<KeyValues> next;
    for (const KeyValues &values : product)
      for (const ConfigNode &item : list.items) {
        if (item.kind == ConfigNode::List || item.kind == ConfigNode::Table)
          return configError(path, item, fmt::format("a value of the key '{}' is {}", key, item.kindName()));
        next.push_back(values);
        next.back()[key] = item.scalarText();
      }
    product = std::move(next);
  }
  return product;
}

} // namespace

llvm::Expected<std::vector<KeyValues>> combinationsOf(const ConfigNode &kernel, const std::string &path) {
  const ConfigNode *keys = kernel.find("keys"), *exclude = kernel.find("exclude");
  if (!keys)
    return exclude
               ? llvm::Expected<std::vector<KeyValues>>(configError(path, *exclude, "'exclude' stands without 'keys'"))
               : std::vector<KeyValues>(1);
  if (keys->kind != ConfigNode::Table)
    return configError(path, *keys, fmt::format("'keys' is {}, not a table", keys->kindName()));
  if (exclude && exclude->kind != ConfigNode::List)
    return configError(path, *exclude, fmt::format("'exclude' is {}, not a list of tables", exclude->kindName()));
  auto product = productOf(*keys, path);
  if (!product || !exclude)
    return product;
  std::vector<KeyValues> left;
  for (KeyValues &values : *product) {
    auto excluded = isExcluded(*exclude, values, path);
    if (!excluded)
      return excluded.takeError();
    if (!*excluded)
      left.push_back(std::move(values));
  }
  return left;
}

llvm::Expected<std::string> substitute(const ConfigNode &string, const KeyValues &values, const std::string &path) {
  std::string result;
  llvm::StringRef rest = string.text;
  while (!rest.empty()) {
    size_t at = rest.find_first_of("{}");
    result += rest.take_front(at);
    rest = at == llvm::StringRef::npos ? "" : rest.drop_front(at);
    if (rest.empty())
      break;
    if (rest.starts_with("{{") || rest.starts_with("}}")) {
      result += rest.front();
      rest = rest.drop_front(2);
      continue;
    }
    size_t end = rest.find('}');
    std::string key = rest.slice(1, end).str();
    auto value = values.find(key);
    if (rest.front() == '}' || end == llvm::StringRef::npos || value == values.end())
      return configError(
          path, string,
          fmt::format("'{}' in '{}' names no key", rest.substr(0, end + (end < rest.size())).str(), string.text),
          "write {{ and }} for braces");
    result += value->second;
    rest = rest.drop_front(end + 1);
  }
  return result;
}

} // namespace rblnc::cli::batch
