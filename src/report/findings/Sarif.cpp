// SARIF 2.1.0 (OASIS), what code hosts and editors read: https://docs.oasis-open.org/sarif/sarif/v2.1.0.
#include "rblnc/report/Findings.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <fmt/format.h>
#include <map>

namespace rblnc::report {
namespace {

using llvm::json::Array;
using llvm::json::Object;

std::string utf8(std::string_view text) { return llvm::json::fixUTF8(llvm::StringRef(text.data(), text.size())); }

/// A URI reference (RFC 3986): bytes that may not stand in a path are written as %XX; an absolute path is a file's URI.
std::string uriOf(std::string_view path) {
  constexpr std::string_view plain = "-._~/!$&'()*+,;=@";
  std::string out = path.starts_with('/') ? "file://" : "";
  // In front of the first slash a colon would end a scheme.
  size_t slash = path.find('/'), colon = path.find(':');
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon < slash))
    out = "./";
  for (char c : path) {
    bool isPlain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                   plain.find(c) != std::string_view::npos || c == ':';
    if (isPlain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

Object message(std::string_view text) { return Object{{"text", utf8(text)}}; }

Object physical(const SourceFrame &frame) {
  Object place{{"artifactLocation", Object{{"uri", uriOf(frame.file)}}}};
  if (frame.line) {
    Object region{{"startLine", frame.line}};
    if (frame.column)
      region["startColumn"] = frame.column;
    place["region"] = std::move(region);
  }
  return place;
}

bool isPlaced(const std::vector<SourceFrame> &frames) { return !frames.empty() && !frames.front().file.empty(); }

Object location(const SourceFrame &frame, std::string_view text = {}) {
  Object object{{"physicalLocation", physical(frame)}};
  if (!text.empty())
    object["message"] = message(text);
  else if (!frame.name.empty())
    object["logicalLocations"] = Array{Object{{"name", utf8(frame.name)}}};
  return object;
}

Object result(const InputFindings &file, const Diagnostic &diagnostic, size_t rule) {
  std::string text = diagnostic.message;
  Array related;
  for (size_t i = 1; i < diagnostic.frames.size(); ++i)
    if (!diagnostic.frames[i].file.empty())
      related.push_back(location(diagnostic.frames[i], "inlined from here"));
  for (const Diagnostic::Note &note : diagnostic.notes)
    if (isPlaced(note.frames))
      related.push_back(location(note.frames.front(), note.message));
    else
      text += "\nnote: " + note.message;
  if (!diagnostic.fix.empty())
    text += "\nfix: " + diagnostic.fix;
  SourceFrame frame = isPlaced(diagnostic.frames) ? diagnostic.frames.front() : SourceFrame{file.input, 0, 0, {}};
  std::string_view name = infoOf(diagnostic.code).name;
  Object object{{"ruleId", utf8(name)},
                {"ruleIndex", static_cast<int64_t>(rule)},
                {"level", utf8(nameOf(diagnostic.severity))},
                {"message", message(text)},
                {"locations", Array{location(frame)}}};
  if (!related.empty())
    object["relatedLocations"] = std::move(related);
  return object;
}

Object ruleOf(const CodeInfo &info) {
  return Object{{"id", utf8(info.name)},
                {"shortDescription", message(info.title)},
                {"fullDescription", message(info.rule)},
                {"help", message(fmt::format("{}\n\nSource: {}", info.reason, info.source))},
                {"defaultConfiguration", Object{{"level", info.isWarning() ? "warning" : "error"}}}};
}

} // namespace

std::string findingsSarif(std::span<const InputFindings> findings, const FindingsTool &tool) {
  Array rules, results;
  std::map<Code, size_t> places;
  for (const InputFindings &file : findings)
    for (const Diagnostic &diagnostic : file.diagnostics) {
      auto [place, isNew] = places.try_emplace(diagnostic.code, rules.size());
      if (isNew)
        rules.push_back(ruleOf(infoOf(diagnostic.code)));
      results.push_back(result(file, diagnostic, place->second));
    }
  Object driver{{"name", "rblnc"}, {"version", utf8(tool.version)}, {"rules", std::move(rules)}};
  Object run{{"tool", Object{{"driver", std::move(driver)}}},
             {"columnKind", "unicodeCodePoints"},
             {"results", std::move(results)}};
  Object log{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
             {"version", "2.1.0"},
             {"runs", Array{std::move(run)}}};
  return llvm::formatv("{0:2}\n", llvm::json::Value(std::move(log))).str();
}

} // namespace rblnc::report
