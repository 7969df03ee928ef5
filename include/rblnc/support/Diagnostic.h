// A diagnostic as the user sees it: a coded sentence at a Python line, with what was measured and what to write
// instead. Rooms report diagnostics to a Diagnostics list; only the command line prints them.
#pragma once

#include "rblnc/support/Codes.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace llvm::json {
class Array;
} // namespace llvm::json

namespace rblnc {

/// One position in the user's Python source. Lines and columns are 1-based; 0 means unknown.
struct SourceFrame {
  std::string file;
  uint32_t line = 0;
  uint32_t column = 0;
  /// The function or variable that the frame names, when the input tells it.
  std::string name;

  bool operator==(const SourceFrame &) const = default;
  /// "file.py:12:8", or "<unknown>" when there is no file.
  std::string str() const;
};

enum class Severity : uint8_t { Note, Warning, Error };
/// "note", "warning", "error".
std::string_view nameOf(Severity severity);

struct Diagnostic {
  Code code;
  Severity severity = Severity::Error;
  /// What is wrong, with the measured value. One sentence without a full stop.
  std::string message;
  /// Where: the user's frame first, frames of libraries that were inlined into it after it.
  std::vector<SourceFrame> frames;
  /// What to write instead. Empty when there is nothing to say beyond the message.
  std::string fix;
  /// Further facts, each with an optional place.
  struct Note {
    std::string message;
    std::vector<SourceFrame> frames;
  };
  std::vector<Note> notes;
};

/// Collects diagnostics in the order in which they were found.
class Diagnostics {
public:
  /// Adds a diagnostic. A warning becomes an error when warnings are errors.
  void report(Diagnostic diagnostic);
  /// Adds an error (or, for a warning code, a warning) with the code's own severity.
  void report(Code code, std::string message, std::vector<SourceFrame> frames = {}, std::string fix = {});

  void setWarningsAreErrors(bool on) { warningsAreErrors = on; }
  bool hasErrors() const { return errors != 0; }
  size_t errorCount() const { return errors; }
  const std::vector<Diagnostic> &all() const { return list; }

private:
  std::vector<Diagnostic> list;
  size_t errors = 0;
  bool warningsAreErrors = false;
};

/// The text form: "kernel.py:12:8: error: message [RBLN-C003]", inlined frames, the fix and the notes, one a line.
std::string formatText(const Diagnostic &diagnostic);

/// The JSON form of a list of diagnostics: an array with one object each.
llvm::json::Array diagnosticsJson(std::span<const Diagnostic> diagnostics);
std::string formatJson(const std::vector<Diagnostic> &diagnostics);

} // namespace rblnc
