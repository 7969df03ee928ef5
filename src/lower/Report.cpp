// Coded errors at the Python line of an operation.
#include "Report.h"

#include "rblnc/triton/Location.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace rblnc::lower {

Diagnostic errorAt(Code code, Operation *op, std::string message, std::string fix) {
  Diagnostic diagnostic{code, Severity::Error, {}, {}, {}, {}};
  diagnostic.message = std::move(message);
  diagnostic.frames = framesOf(op->getLoc());
  diagnostic.fix = std::move(fix);
  return diagnostic;
}

void addNote(Diagnostic &diagnostic, std::string message, Operation *op) {
  diagnostic.notes.push_back({std::move(message), framesOf(op->getLoc())});
}

std::string text(Type type) {
  std::string result;
  llvm::raw_string_ostream stream(result);
  stream << type;
  return result;
}

std::string text(llvm::ArrayRef<int64_t> shape) {
  return "(" + llvm::join(llvm::map_range(shape, [](int64_t extent) { return std::to_string(extent); }), ", ") + ")";
}

} // namespace rblnc::lower
