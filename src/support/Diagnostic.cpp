// Collecting diagnostics and printing them as text and as JSON.
#include "rblnc/support/Diagnostic.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <utility>

namespace rblnc {
namespace {

/// Text that came from the input may hold anything; JSON holds only UTF-8.
std::string utf8(std::string_view text) { return llvm::json::fixUTF8(llvm::StringRef(text.data(), text.size())); }

/// A file name or a message from hostile input must not move the cursor or start a new line of its own.
std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      result += c;
    } else if (c == '\n' || c == '\t') {
      result += c;
    } else {
      constexpr char hex[] = "0123456789abcdef";
      result += {'\\', 'x', hex[byte >> 4], hex[byte & 15]};
    }
  }
  return result;
}

/// Lines after the first are indented, so that each diagnostic stays one visible block.
void appendIndented(std::string &out, std::string_view text, size_t indent) {
  for (char c : printable(text)) {
    out += c;
    if (c == '\n')
      out.append(indent, ' ');
  }
}

void appendInlinedFrames(std::string &out, const std::vector<SourceFrame> &frames) {
  for (size_t i = 1; i < frames.size(); ++i) {
    out += "  inlined from " + printable(frames[i].str());
    if (!frames[i].name.empty())
      out += " (" + printable(frames[i].name) + ")";
    out += '\n';
  }
}

llvm::json::Array framesToJson(const std::vector<SourceFrame> &frames) {
  llvm::json::Array array;
  for (const SourceFrame &frame : frames) {
    llvm::json::Object object{{"file", utf8(frame.file)}, {"line", frame.line}, {"column", frame.column}};
    if (!frame.name.empty())
      object["name"] = utf8(frame.name);
    array.push_back(std::move(object));
  }
  return array;
}

llvm::json::Value toJson(const Diagnostic &diagnostic) {
  const CodeInfo &info = infoOf(diagnostic.code);
  llvm::json::Object object{
      {"code", llvm::StringRef(info.name.data(), info.name.size())},
      {"severity", std::string(nameOf(diagnostic.severity))},
      {"title", llvm::StringRef(info.title.data(), info.title.size())},
      {"message", utf8(diagnostic.message)},
      {"frames", framesToJson(diagnostic.frames)},
  };
  object["fix"] = diagnostic.fix.empty() ? llvm::json::Value(nullptr) : llvm::json::Value(utf8(diagnostic.fix));
  if (!diagnostic.notes.empty()) {
    llvm::json::Array notes;
    for (const Diagnostic::Note &note : diagnostic.notes)
      notes.push_back(llvm::json::Object{{"message", utf8(note.message)}, {"frames", framesToJson(note.frames)}});
    object["notes"] = std::move(notes);
  }
  return object;
}

} // namespace

std::string_view nameOf(Severity severity) {
  switch (severity) {
  case Severity::Note:
    return "note";
  case Severity::Warning:
    return "warning";
  case Severity::Error:
    return "error";
  }
  return "error";
}

std::string SourceFrame::str() const {
  if (file.empty())
    return "<unknown>";
  std::string result = file;
  if (line != 0) {
    result += ":" + std::to_string(line);
    if (column != 0)
      result += ":" + std::to_string(column);
  }
  return result;
}

void Diagnostics::report(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::Warning && warningsAreErrors)
    diagnostic.severity = Severity::Error;
  if (diagnostic.severity == Severity::Error)
    ++errors;
  list.push_back(std::move(diagnostic));
}

void Diagnostics::report(Code code, std::string message, std::vector<SourceFrame> frames, std::string fix) {
  Diagnostic diagnostic{code, infoOf(code).isWarning() ? Severity::Warning : Severity::Error, {}, {}, {}, {}};
  diagnostic.message = std::move(message);
  diagnostic.frames = std::move(frames);
  diagnostic.fix = std::move(fix);
  report(std::move(diagnostic));
}

std::string formatText(const Diagnostic &diagnostic) {
  bool hasPlace = !diagnostic.frames.empty() && !diagnostic.frames.front().file.empty();
  std::string out = hasPlace ? printable(diagnostic.frames.front().str()) : "rblnc";
  out += ": ";
  out += nameOf(diagnostic.severity);
  out += ": ";
  appendIndented(out, diagnostic.message, 4);
  out += " [";
  out += infoOf(diagnostic.code).name;
  out += "]\n";
  appendInlinedFrames(out, diagnostic.frames);
  for (const Diagnostic::Note &note : diagnostic.notes) {
    out += "  note: ";
    appendIndented(out, note.message, 8);
    if (!note.frames.empty() && !note.frames.front().file.empty())
      out += " (" + printable(note.frames.front().str()) + ")";
    out += '\n';
  }
  if (!diagnostic.fix.empty()) {
    out += "  fix: ";
    appendIndented(out, diagnostic.fix, 7);
    out += '\n';
  }
  return out;
}

llvm::json::Array diagnosticsJson(std::span<const Diagnostic> diagnostics) {
  llvm::json::Array array;
  for (const Diagnostic &diagnostic : diagnostics)
    array.push_back(toJson(diagnostic));
  return array;
}

std::string formatJson(const std::vector<Diagnostic> &diagnostics) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << llvm::formatv("{0:2}", llvm::json::Value(diagnosticsJson(diagnostics)));
  stream.flush();
  text += '\n';
  return text;
}

} // namespace rblnc
