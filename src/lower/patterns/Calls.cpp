// Calls to functions that were not inlined: those that the caller only declares.
#include "Patterns.h"

using namespace mlir;

namespace rblnc::lower {
namespace {

/// RBLN's specialised operations arrive as calls to declared functions whose names begin with "rblib."; each will be
/// looked up by that name.
LogicalResult lowerCall(Lowering &lowering, Operation *op) {
  llvm::StringRef callee = cast<tt::CallOp>(op).getCallee();
  if (callee.starts_with("rblib."))
    return lowering.unsupported(op, "the specialised operation '" + callee.str() + "' is not supported",
                                "write it with tl operations");
  return lowering.unsupported(op, "the call to '" + callee.str() + "' cannot be inlined",
                              "remove noinline=True, and return once, at the end of the function");
}

} // namespace

void addCallPatterns(PatternTable &table) { table["tt.call"] = lowerCall; }

} // namespace rblnc::lower
