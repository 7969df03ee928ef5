// RBLN-C003: functions of another device's library, and its assembly.
#include "rblnc/check/Operations.h"
#include "rblnc/triton/Dialect.h"

#include "../Rule.h"

namespace rblnc::rules {

void foreignCode(mlir::Operation *op, Context &context) {
  Finding finding;
  if (auto library = mlir::dyn_cast<tt::ExternElementwiseOp>(op)) {
    std::string symbol = library.getSymbol().str();
    std::string_view instead = alternativeToLibrarySymbol(symbol);
    finding.subject = symbol;
    finding.message = "'" + symbol + "' is a function of another device's library (tt.extern_elementwise)";
    finding.fix = instead.empty() ? "express it with tl.exp, tl.log, tl.sqrt, tl.sin, tl.cos and arithmetic"
                                  : "write " + std::string(instead);
  } else {
    constexpr size_t shown = 40;
    std::string text = mlir::cast<tt::ElementwiseInlineAsmOp>(op).getAsmString().str();
    finding.subject = text;
    finding.message = "'" + (text.size() > shown ? text.substr(0, shown) + "..." : text) +
                      "' is assembly of another device (tl.inline_asm_elementwise)";
    finding.fix = "write what it computes with operations of triton.language";
  }
  context.report(op, std::move(finding));
}

} // namespace rblnc::rules
