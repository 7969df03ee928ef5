// MLIR's diagnostics as ours.
#include "Capture.h"

#include "rblnc/triton/Location.h"

#include "mlir/IR/BuiltinAttributes.h"

#include <algorithm>

using namespace mlir;

namespace rblnc::frontend {

/// A broken file can have an error in every line; nobody reads more than the first few.
static constexpr size_t maxErrors = 20;
/// Messages quote types, whose length the input chooses.
static constexpr size_t maxMessage = 1000;

/// "custom op 'tt.load' 'tt.load' op has ..." -> "'tt.load' op has ..."; "custom op 'tt.load' expected ..." ->
/// "'tt.load': expected ...".
static void dropPrefix(std::string &message) {
  llvm::StringRef rest = message;
  if (!rest.consume_front("custom op '"))
    return;
  auto [name, said] = rest.split("' ");
  if (name.size() == rest.size() || said.starts_with("is unknown"))
    return;
  llvm::StringRef after = said;
  if (after.consume_front("'") && after.consume_front(name) && after.starts_with("' "))
    message = said.str();
  else
    message = ("'" + name + "': " + said).str();
}

static std::string sentence(const mlir::Diagnostic &diagnostic) {
  std::string message = diagnostic.str();
  // MLIR goes on with advice about options of mlir-opt.
  if (size_t advice = message.find(". If this is intended"); advice != std::string::npos)
    message.resize(advice);
  dropPrefix(message);
  if (message.size() > maxMessage) {
    message.resize(maxMessage);
    message += "...";
  }
  // One line, without the full stop.
  std::replace(message.begin(), message.end(), '\n', ' ');
  while (!message.empty() && (message.back() == '.' || message.back() == ' '))
    message.pop_back();
  return message;
}

Capture::Capture(MLIRContext &context, llvm::StringRef identifier, llvm::StringRef name)
    : identifier(identifier), name(name), handler(&context, [this](mlir::Diagnostic &diagnostic) {
        if (diagnostic.getSeverity() != DiagnosticSeverity::Error || errors.size() >= maxErrors)
          return success();
        rblnc::Diagnostic &error = errors.emplace_back();
        error.message = sentence(diagnostic);
        error.frames = placeOf(diagnostic.getLocation());
        for (mlir::Diagnostic &note : diagnostic.getNotes())
          error.notes.push_back({sentence(note), placeOf(note.getLocation())});
        return success();
      }) {}

std::vector<SourceFrame> Capture::placeOf(Location location) const {
  // Places in the file itself are the parser's, whose columns count from 1 whatever those of Python do.
  if (auto file = dyn_cast<FileLineColLoc>(location); file && file.getFilename() == identifier)
    return {{name, file.getLine(), file.getColumn(), ""}};
  return framesOf(location);
}

std::vector<rblnc::Diagnostic> Capture::take(Code code) {
  for (rblnc::Diagnostic &error : errors)
    error.code = code;
  return std::move(errors);
}

} // namespace rblnc::frontend
