// toml++ does the parsing; nothing else includes it, for its header takes long to compile.
#include "rblnc/support/Toml.h"

#include "rblnc/support/Error.h"
#include "rblnc/support/File.h"

#include <cmath>
#include <optional>
#include <sstream>

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <toml++/toml.h>
#pragma clang diagnostic pop

namespace rblnc {
namespace {

constexpr uint64_t maxBytes = uint64_t{1} << 20;

/// Nothing for what JSON has no form for. toml++ bounds how deep values are nested.
std::optional<llvm::json::Value> convert(const toml::node &node) {
  if (const toml::table *table = node.as_table()) {
    llvm::json::Object object;
    for (const auto &[key, value] : *table) {
      auto converted = convert(value);
      if (!converted)
        return std::nullopt;
      object[llvm::json::fixUTF8(std::string(key.str()))] = std::move(*converted);
    }
    return object;
  }
  if (const toml::array *array = node.as_array()) {
    llvm::json::Array list;
    for (const toml::node &value : *array) {
      auto converted = convert(value);
      if (!converted)
        return std::nullopt;
      list.push_back(std::move(*converted));
    }
    return list;
  }
  if (const auto *text = node.as_string())
    return llvm::json::fixUTF8(text->get());
  if (const auto *flag = node.as_boolean())
    return flag->get();
  if (const auto *integer = node.as_integer())
    return integer->get();
  if (const auto *number = node.as_floating_point())
    return std::isfinite(number->get()) ? std::optional<llvm::json::Value>(number->get()) : std::nullopt;
  std::ostringstream text;
  if (const auto *date = node.as_date())
    text << date->get();
  else if (const auto *time = node.as_time())
    text << time->get();
  else if (const auto *moment = node.as_date_time())
    text << moment->get();
  return text.str();
}

} // namespace

llvm::Expected<llvm::json::Object> parseToml(std::string_view text, const std::string &origin) {
  toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const toml::parse_error &error = parsed.error();
    return makeError(Code::I052, origin + ":" + std::to_string(error.source().begin.line) + ":" +
                                     std::to_string(error.source().begin.column) +
                                     ": it is not TOML: " + std::string(error.description()));
  }
  auto value = convert(parsed.table());
  if (!value)
    return makeError(Code::I052, origin + ": it holds a number that is not finite");
  return std::move(*value->getAsObject());
}

llvm::Expected<llvm::json::Object> readToml(const std::string &path) {
  auto file = ByteSource::open(path);
  if (!file)
    return makeError(Code::I001, toDiagnostic(file.takeError()).message);
  if (file->size() > maxBytes)
    return makeError(Code::I001, "'" + path + "' has more than a MiB");
  auto text = file->readString(0, static_cast<size_t>(file->size()));
  if (!text)
    return makeError(Code::I001, toDiagnostic(text.takeError()).message);
  return parseToml(*text, path);
}

} // namespace rblnc
