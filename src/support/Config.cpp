// TOML by toml++, JSON by LLVM. Nothing else includes toml++, whose header takes long to compile.
#include "rblnc/support/Config.h"

#include "rblnc/support/Error.h"
#include "rblnc/support/File.h"
#include "rblnc/support/Json.h"

#include <fmt/format.h>

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <toml++/toml.h>
#pragma clang diagnostic pop

namespace rblnc {
namespace {

/// Deeper files are no configurations. toml++ has a limit of its own.
constexpr unsigned maxDepth = 64;
/// The report of a batch of many kernels is one, too.
constexpr uint64_t maxBytes = uint64_t{256} << 20;

ConfigNode scalar(ConfigNode::Kind kind) {
  ConfigNode node;
  node.kind = kind;
  return node;
}

ConfigNode integerNode(int64_t value) {
  ConfigNode node = scalar(ConfigNode::Integer);
  node.integer = value;
  node.number = static_cast<double>(value);
  return node;
}

ConfigNode ofToml(const toml::node &from) {
  ConfigNode node;
  if (const toml::table *table = from.as_table()) {
    for (const auto &[key, value] : *table)
      node.entries.push_back({std::string(key.str()), ofToml(value)});
  } else if (const toml::array *array = from.as_array()) {
    node.kind = ConfigNode::List;
    for (const toml::node &value : *array)
      node.items.push_back(ofToml(value));
  } else if (auto text = from.value_exact<std::string>()) {
    node = scalar(ConfigNode::String);
    node.text = std::move(*text);
  } else if (auto integer = from.value_exact<int64_t>()) {
    node = integerNode(*integer);
  } else if (auto number = from.value_exact<double>()) {
    node = scalar(ConfigNode::Float);
    node.number = *number;
  } else if (auto flag = from.value_exact<bool>()) {
    node = scalar(ConfigNode::Boolean);
    node.flag = *flag;
  } else { // dates and times mean nothing here
    node = scalar(ConfigNode::String);
  }
  node.line = from.source().begin.line;
  node.column = from.source().begin.column;
  return node;
}

ConfigNode ofJson(const llvm::json::Value &from) {
  ConfigNode node;
  if (const llvm::json::Object *object = from.getAsObject()) {
    for (const auto &[key, value] : *object)
      node.entries.push_back({key.str(), ofJson(value)});
  } else if (const llvm::json::Array *array = from.getAsArray()) {
    node.kind = ConfigNode::List;
    for (const llvm::json::Value &value : *array)
      node.items.push_back(ofJson(value));
  } else if (auto text = from.getAsString()) {
    node = scalar(ConfigNode::String);
    node.text = text->str();
  } else if (auto integer = from.getAsInteger()) {
    node = integerNode(*integer);
  } else if (auto number = from.getAsNumber()) {
    node = scalar(ConfigNode::Float);
    node.number = *number;
  } else {
    node = scalar(ConfigNode::Boolean);
    node.flag = from.getAsBoolean().value_or(false);
  }
  return node;
}

llvm::Error malformed(const std::string &path, uint32_t line, uint32_t column, std::string message) {
  ConfigNode node;
  node.line = line;
  node.column = column;
  return configError(path, node, std::move(message));
}

llvm::Expected<ConfigNode> ofJsonText(llvm::StringRef text, const std::string &path) {
  auto value = parseJson(text, maxDepth);
  if (!value) {
    // "[3:7, byte=20]: Expected ':' after object key": the place goes where places stand.
    std::string message = llvm::toString(value.takeError());
    unsigned line = 0, column = 0;
    if (std::sscanf(message.c_str(), "[%u:%u", &line, &column) == 2)
      if (size_t end = message.find("]: "); end != std::string::npos)
        message.erase(0, end + 3);
    return malformed(path, line, column, message);
  }
  return ofJson(*value);
}

} // namespace

const ConfigNode *ConfigNode::find(std::string_view key) const {
  for (const auto &[name, node] : entries)
    if (name == key)
      return &node;
  return nullptr;
}

std::string_view ConfigNode::kindName() const {
  static constexpr std::string_view names[] = {"a string",      "an integer", "a number",
                                               "true or false", "a list",     "a table"};
  return names[kind];
}

std::string ConfigNode::scalarText() const {
  switch (kind) {
  case String:
    return text;
  case Integer:
    return std::to_string(integer);
  case Float:
    return fmt::format("{}", number);
  case Boolean:
    return flag ? "true" : "false";
  case List:
  case Table:
    return "";
  }
  return "";
}

llvm::Error configError(const std::string &path, const ConfigNode &node, std::string message, std::string fix) {
  Diagnostic diagnostic{
      Code::I052, Severity::Error, std::move(message), {{path, node.line, node.column, ""}}, std::move(fix), {}};
  return llvm::make_error<DiagnosticError>(std::move(diagnostic));
}

llvm::Expected<ConfigNode> parseConfig(llvm::StringRef text, const std::string &path) {
  if (llvm::StringRef(path).ends_with(".json"))
    return ofJsonText(text, path);
  toml::parse_result parsed = toml::parse(std::string_view(text.data(), text.size()));
  if (!parsed) {
    const toml::parse_error &error = parsed.error();
    return malformed(path, error.source().begin.line, error.source().begin.column, std::string(error.description()));
  }
  return ofToml(parsed.table());
}

llvm::Expected<ConfigNode> readConfig(const std::string &path) {
  auto source = ByteSource::open(path);
  if (source && source->size() > maxBytes)
    return makeError(Code::I001, "'" + path + "' has more than " + std::to_string(maxBytes >> 20) + " MiB");
  auto text = source ? source->readString(0, source->size()) : llvm::Expected<std::string>(source.takeError());
  if (!text) {
    Diagnostic diagnostic = toDiagnostic(text.takeError());
    diagnostic.code = Code::I001;
    return llvm::make_error<DiagnosticError>(std::move(diagnostic));
  }
  return parseConfig(*text, path);
}

} // namespace rblnc
