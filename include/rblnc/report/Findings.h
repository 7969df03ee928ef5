// What was found in kernels, in the forms that people and other programs read: text, JSON, SARIF, annotations of GitHub
// and JUnit's XML.
//
// Names and messages may hold anything; every form here escapes them. Nothing depends on the clock or the host.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rblnc::report {

struct InputFindings {
  /// The path as it was given, or "<stdin>".
  std::string input;
  std::vector<Diagnostic> diagnostics;
};

/// How many there are of each severity, in how many inputs.
struct FindingCounts {
  size_t inputs = 0, inputsWithErrors = 0;
  size_t errors = 0, warnings = 0, notes = 0;
};
FindingCounts countFindings(std::span<const InputFindings> findings);

enum class FindingsFormat : uint8_t { text, json, sarif, github, junit };
/// "text", "json", …, in the order of the enumerators.
std::span<const std::string_view> findingsFormatNames();
std::optional<FindingsFormat> findingsFormatFromName(std::string_view name);

/// What stands in the forms that name the tool: SARIF and JUnit.
struct FindingsTool {
  /// "0.1.0".
  std::string version;
  /// What ran, as the name of JUnit's suite: "rblnc check".
  std::string command;
};

/// All findings in one form. Text has no summary.
std::string formatFindings(FindingsFormat format, std::span<const InputFindings> findings, const FindingsTool &tool);

/// "2 errors and 1 warning in 3 kernels".
std::string findingsSummary(std::span<const InputFindings> findings);
/// A line for each code that was found, the most frequent first: how often, the code, its title.
std::string findingsStatistics(std::span<const InputFindings> findings);

/// The forms on their own.
///   JSON: {"schema": 1, "files": [{"file", "ok", "diagnostics": […]}], "summary": {…}}
std::string findingsJson(std::span<const InputFindings> findings);
///   SARIF 2.1.0: one run, with a rule for each code that was found. Paths are URI references; a finding without a
///   place in Python lies in its input.
std::string findingsSarif(std::span<const InputFindings> findings, const FindingsTool &tool);
///   Workflow commands: "::error file=k.py,line=3,col=5,title=RBLN-C001::message", one a line.
std::string findingsGithub(std::span<const InputFindings> findings);
///   JUnit: one suite with a case for each input, that fails when it has errors; warnings are its output.
std::string findingsJunit(std::span<const InputFindings> findings, const FindingsTool &tool);

} // namespace rblnc::report
