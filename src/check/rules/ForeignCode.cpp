// RBLN-C003: functions of another device's library that are not known, and its assembly.
#include "rblnc/check/Operations.h"
#include "rblnc/triton/Dialect.h"

#include "Rule.h"

namespace rblnc::rules {
namespace {

constexpr const char *onTheHost = "compute it on the host and load the result";

/// "f(ff)" as words: "float32 of (float32, float32)".
std::string wordsFor(std::string_view types) {
  auto word = [](char letter) -> std::string {
    return letter == 'f' ? "float32" : letter == 'i' ? "int32" : letter == 'l' ? "int64" : "another type";
  };
  std::string text = word(types.front()) + " of (";
  std::string_view operands = types.substr(2, types.size() - 3);
  for (size_t i = 0; i < operands.size(); ++i)
    text += (i ? ", " : "") + word(operands[i]);
  return text + ")";
}

void libraryFunction(tt::ExternElementwiseOp op, Context &context) {
  std::string symbol = op.getSymbol().str(), types = libraryTypesOf(op);
  const LibraryFunction *function = findLibraryFunction(symbol);
  if (function && function->isSupported() && function->types == types)
    return;
  Finding finding;
  finding.subject = symbol;
  if (!function) {
    finding.message = "'" + symbol + "' is a function of another device's library (tt.extern_elementwise)";
    finding.fix = onTheHost;
  } else if (!function->isSupported()) {
    finding.message =
        "'" + symbol + "' is not supported: " + std::string(function->refusal) + " (tt.extern_elementwise)";
    finding.fix = onTheHost;
  } else {
    finding.message =
        "'" + symbol + "' gives " + wordsFor(types) + " here; the function is known as " + wordsFor(function->types);
    finding.fix = "give it operands of these types";
  }
  context.report(op, std::move(finding));
}

} // namespace

void foreignCode(mlir::Operation *op, Context &context) {
  if (auto library = mlir::dyn_cast<tt::ExternElementwiseOp>(op))
    return libraryFunction(library, context);
  constexpr size_t shown = 40;
  std::string text = mlir::cast<tt::ElementwiseInlineAsmOp>(op).getAsmString().str();
  context.report(op, {"'" + (text.size() > shown ? text.substr(0, shown) + "..." : text) +
                          "' is assembly of another device (tl.inline_asm_elementwise)",
                      "write what it computes with operations of triton.language",
                      text,
                      {}});
}

} // namespace rblnc::rules
