// JUnit's XML, as test runners and build servers read it (the schema of Jenkins' xUnit plugin).
#include "rblnc/report/Findings.h"

#include "llvm/Support/JSON.h"

#include <algorithm>
#include <fmt/format.h>

namespace rblnc::report {
namespace {

/// XML 1.0 has no form at all for most control characters.
std::string escapeXml(std::string_view text, bool isAttribute) {
  std::string out;
  for (char c : llvm::json::fixUTF8(llvm::StringRef(text.data(), text.size()))) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"' && isAttribute)
      out += "&quot;";
    else if (c == '\r' || ((c == '\n' || c == '\t') && isAttribute))
      out += fmt::format("&#{};", byte);
    else if (byte < 0x20 && c != '\n' && c != '\t')
      out += fmt::format("\\x{:02x}", byte);
    else
      out += c;
  }
  // U+FFFE and U+FFFF are no characters of XML either.
  for (std::string_view none : {"\xef\xbf\xbe", "\xef\xbf\xbf"})
    for (size_t at = out.find(none); at != std::string::npos; at = out.find(none, at))
      out.replace(at, none.size(), "\xef\xbf\xbd");
  return out;
}

bool isError(const Diagnostic &diagnostic) { return diagnostic.severity == Severity::Error; }
bool isFault(const Diagnostic &diagnostic) { return isError(diagnostic) && infoOf(diagnostic.code).category() == 'X'; }

/// A failure of the input, or an error of the tool's own.
struct Verdict {
  bool isFault = false, isFailure = false;
};

Verdict verdictOf(const InputFindings &file) {
  bool fault = std::any_of(file.diagnostics.begin(), file.diagnostics.end(), isFault);
  return {fault, !fault && std::any_of(file.diagnostics.begin(), file.diagnostics.end(), isError)};
}

std::string caseOf(const InputFindings &file, const FindingsTool &tool) {
  std::string text = fmt::format("    <testcase classname=\"{}\" name=\"{}\"", escapeXml(tool.command, true),
                                 escapeXml(file.input, true));
  if (file.diagnostics.empty())
    return text + "/>\n";
  text += ">\n";
  Verdict verdict = verdictOf(file);
  std::string errors, rest;
  for (const Diagnostic &diagnostic : file.diagnostics)
    (isError(diagnostic) ? errors : rest) += formatText(diagnostic);
  if (verdict.isFault || verdict.isFailure) {
    const auto first =
        std::find_if(file.diagnostics.begin(), file.diagnostics.end(), verdict.isFault ? isFault : isError);
    std::string_view element = verdict.isFault ? "error" : "failure";
    text += fmt::format("      <{} type=\"{}\" message=\"{}\">{}</{}>\n", element, infoOf(first->code).name,
                        escapeXml(first->message, true), escapeXml(errors, false), element);
  }
  if (!rest.empty())
    text += fmt::format("      <system-out>{}</system-out>\n", escapeXml(rest, false));
  return text + "    </testcase>\n";
}

} // namespace

std::string findingsJunit(std::span<const InputFindings> findings, const FindingsTool &tool) {
  size_t failures = 0, faults = 0;
  std::string cases;
  for (const InputFindings &file : findings) {
    Verdict verdict = verdictOf(file);
    failures += verdict.isFailure;
    faults += verdict.isFault;
    cases += caseOf(file, tool);
  }
  std::string name = escapeXml(tool.command, true);
  std::string counts = fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\"", findings.size(), failures, faults);
  return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{0}\" {1}>\n"
                     "  <testsuite name=\"{0}\" {1}>\n{2}  </testsuite>\n</testsuites>\n",
                     name, counts, cases);
}

} // namespace rblnc::report
