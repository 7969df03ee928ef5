#include "rblnc/support/ParseDiagnostics.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

namespace rblnc {
namespace {

bool readFrames(const llvm::json::Object &object, std::vector<SourceFrame> &frames) {
  const llvm::json::Array *array = object.getArray("frames");
  if (!array)
    return false;
  for (const llvm::json::Value &value : *array) {
    const llvm::json::Object *frame = value.getAsObject();
    auto file = frame ? frame->getString("file") : std::nullopt;
    auto line = frame ? frame->getInteger("line") : std::nullopt;
    auto column = frame ? frame->getInteger("column") : std::nullopt;
    if (!file || !line || !column)
      return false;
    frames.push_back({file->str(), static_cast<uint32_t>(*line), static_cast<uint32_t>(*column),
                      frame->getString("name").value_or("").str()});
  }
  return true;
}

std::optional<Severity> severityOf(llvm::StringRef name) {
  if (name == "note")
    return Severity::Note;
  if (name == "warning")
    return Severity::Warning;
  if (name == "error")
    return Severity::Error;
  return std::nullopt;
}

std::optional<Diagnostic> readDiagnostic(const llvm::json::Value &value) {
  const llvm::json::Object *object = value.getAsObject();
  auto code = object ? object->getString("code") : std::nullopt;
  const CodeInfo *info = code ? findCode(std::string_view(code->data(), code->size())) : nullptr;
  auto severity = info ? severityOf(object->getString("severity").value_or("")) : std::nullopt;
  auto message = severity ? object->getString("message") : std::nullopt;
  if (!message)
    return std::nullopt;
  Diagnostic diagnostic{info->code, *severity, message->str(), {}, object->getString("fix").value_or("").str(), {}};
  if (!readFrames(*object, diagnostic.frames))
    return std::nullopt;
  if (const llvm::json::Array *notes = object->getArray("notes"))
    for (const llvm::json::Value &noteValue : *notes) {
      const llvm::json::Object *note = noteValue.getAsObject();
      auto text = note ? note->getString("message") : std::nullopt;
      if (!text || !readFrames(*note, diagnostic.notes.emplace_back(Diagnostic::Note{text->str(), {}}).frames))
        return std::nullopt;
    }
  return diagnostic;
}

} // namespace

std::optional<std::vector<Diagnostic>> parseDiagnostics(llvm::StringRef json) {
  auto parsed = llvm::json::parse(json);
  if (!parsed) {
    llvm::consumeError(parsed.takeError());
    return std::nullopt;
  }
  const llvm::json::Array *array = parsed->getAsArray();
  if (!array)
    return std::nullopt;
  std::vector<Diagnostic> list;
  for (const llvm::json::Value &value : *array) {
    auto diagnostic = readDiagnostic(value);
    if (!diagnostic)
      return std::nullopt;
    list.push_back(std::move(*diagnostic));
  }
  return list;
}

} // namespace rblnc
