#include "Template.h"

#include "PageParts.h"

#include "llvm/Support/raw_ostream.h"

namespace rblnc::report {
namespace {

std::string scriptText(llvm::json::Value data) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << data;
  std::string safe;
  for (char c : text)
    if (c == '<')
      safe += "\\u003c";
    else
      safe += c;
  return safe;
}

std::string_view partNamed(std::string_view name) {
  for (const PagePart &part : pageParts())
    if (part.name == name)
      return part.text;
  return "";
}

} // namespace

std::string fillTemplate(std::string_view part, llvm::json::Value data) {
  // What is put in is not searched again, whatever it holds.
  std::string out;
  std::string_view rest = partNamed(part);
  for (size_t open = rest.find("{{"); open != std::string_view::npos; open = rest.find("{{")) {
    size_t close = rest.find("}}", open);
    std::string_view name = rest.substr(open + 2, close - open - 2);
    out += rest.substr(0, open);
    out += name == "data" ? scriptText(std::move(data)) : std::string(partNamed(name));
    rest = rest.substr(close + 2);
  }
  return out += rest;
}

} // namespace rblnc::report
