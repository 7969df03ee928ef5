// Counting findings, and the forms that need little: text, JSON and GitHub's annotations.
#include "rblnc/report/Findings.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace rblnc::report {
namespace {

constexpr std::string_view formatNames[] = {"text", "json", "sarif", "github", "junit"};

std::string plural(size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

llvm::json::Object summaryJson(std::span<const InputFindings> findings) {
  FindingCounts counts = countFindings(findings);
  return llvm::json::Object{{"inputs", static_cast<int64_t>(counts.inputs)},
                            {"inputs_with_errors", static_cast<int64_t>(counts.inputsWithErrors)},
                            {"errors", static_cast<int64_t>(counts.errors)},
                            {"warnings", static_cast<int64_t>(counts.warnings)},
                            {"notes", static_cast<int64_t>(counts.notes)}};
}

/// What GitHub's runner decodes again: its delimiters and line ends. Other control characters would reach the log.
std::string escapeCommand(std::string_view text, bool isProperty) {
  std::string out;
  for (char c : llvm::json::fixUTF8(llvm::StringRef(text.data(), text.size()))) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '%' || c == '\r' || c == '\n' || (isProperty && (c == ':' || c == ',')))
      out += fmt::format("%{:02X}", byte);
    else if ((byte < 0x20 && c != '\t') || byte == 0x7f)
      out += fmt::format("\\x{:02x}", byte);
    else
      out += c;
  }
  return out;
}

std::string annotation(const std::string &input, const Diagnostic &diagnostic) {
  std::string_view command = diagnostic.severity == Severity::Note ? "notice" : nameOf(diagnostic.severity);
  bool hasPlace = !diagnostic.frames.empty() && !diagnostic.frames.front().file.empty();
  std::string text =
      fmt::format("::{} file={}", command, escapeCommand(hasPlace ? diagnostic.frames.front().file : input, true));
  if (hasPlace && diagnostic.frames.front().line) {
    text += fmt::format(",line={}", diagnostic.frames.front().line);
    if (diagnostic.frames.front().column)
      text += fmt::format(",col={}", diagnostic.frames.front().column);
  }
  std::string message = diagnostic.message;
  for (const Diagnostic::Note &note : diagnostic.notes)
    message += "\nnote: " + note.message;
  if (!diagnostic.fix.empty())
    message += "\nfix: " + diagnostic.fix;
  return text + fmt::format(",title={}::{}\n", infoOf(diagnostic.code).name, escapeCommand(message, false));
}

} // namespace

FindingCounts countFindings(std::span<const InputFindings> findings) {
  FindingCounts counts;
  for (const InputFindings &file : findings) {
    size_t before = counts.errors;
    for (const Diagnostic &diagnostic : file.diagnostics)
      ++(diagnostic.severity == Severity::Error     ? counts.errors
         : diagnostic.severity == Severity::Warning ? counts.warnings
                                                    : counts.notes);
    ++counts.inputs;
    counts.inputsWithErrors += counts.errors != before;
  }
  return counts;
}

std::span<const std::string_view> findingsFormatNames() { return formatNames; }

std::optional<FindingsFormat> findingsFormatFromName(std::string_view name) {
  const auto *found = std::find(std::begin(formatNames), std::end(formatNames), name);
  if (found == std::end(formatNames))
    return std::nullopt;
  return static_cast<FindingsFormat>(found - std::begin(formatNames));
}

std::string formatFindings(FindingsFormat format, std::span<const InputFindings> findings, const FindingsTool &tool) {
  switch (format) {
  case FindingsFormat::json:
    return findingsJson(findings);
  case FindingsFormat::sarif:
    return findingsSarif(findings, tool);
  case FindingsFormat::github:
    return findingsGithub(findings);
  case FindingsFormat::junit:
    return findingsJunit(findings, tool);
  case FindingsFormat::text:
    break;
  }
  std::string text;
  for (const InputFindings &file : findings)
    for (const Diagnostic &diagnostic : file.diagnostics)
      text += formatText(diagnostic);
  return text;
}

std::string findingsSummary(std::span<const InputFindings> findings) {
  FindingCounts counts = countFindings(findings);
  std::string text = counts.errors ? plural(counts.errors, "error") : "";
  if (counts.warnings)
    text += (text.empty() ? "" : " and ") + plural(counts.warnings, "warning");
  return (text.empty() ? "nothing found" : text) + " in " + plural(counts.inputs, "kernel");
}

std::string findingsStatistics(std::span<const InputFindings> findings) {
  std::map<std::string_view, std::pair<size_t, const CodeInfo *>> byName;
  for (const InputFindings &file : findings)
    for (const Diagnostic &diagnostic : file.diagnostics) {
      const CodeInfo &info = infoOf(diagnostic.code);
      auto &row = byName[info.name];
      ++row.first;
      row.second = &info;
    }
  std::vector<std::pair<size_t, const CodeInfo *>> rows;
  for (const auto &[name, row] : byName)
    rows.push_back(row);
  std::stable_sort(rows.begin(), rows.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
  std::string text;
  for (const auto &[count, info] : rows)
    text += fmt::format("{:>6}  {}  {}\n", count, info->name, info->title);
  return text;
}

std::string findingsJson(std::span<const InputFindings> findings) {
  llvm::json::Array files;
  for (const InputFindings &file : findings) {
    bool ok = std::none_of(file.diagnostics.begin(), file.diagnostics.end(),
                           [](const Diagnostic &diagnostic) { return diagnostic.severity == Severity::Error; });
    files.push_back(llvm::json::Object{
        {"file", llvm::json::fixUTF8(file.input)}, {"ok", ok}, {"diagnostics", diagnosticsJson(file.diagnostics)}});
  }
  llvm::json::Object all{{"schema", 1}, {"files", std::move(files)}, {"summary", summaryJson(findings)}};
  return llvm::formatv("{0:2}\n", llvm::json::Value(std::move(all))).str();
}

std::string findingsGithub(std::span<const InputFindings> findings) {
  std::string text;
  for (const InputFindings &file : findings)
    for (const Diagnostic &diagnostic : file.diagnostics)
      text += annotation(file.input, diagnostic);
  return text;
}

} // namespace rblnc::report
