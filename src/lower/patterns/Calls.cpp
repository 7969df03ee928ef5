// Calls to functions that were not inlined: those that the caller only declares.
#include "Patterns.h"

#include "rblnc/check/Specialised.h"

using namespace mlir;

namespace rblnc::lower {
namespace {

LogicalResult lowerCall(Lowering &lowering, Operation *op) {
  auto call = cast<tt::CallOp>(op);
  if (StringRef name = specialisedName(call); !name.empty()) {
    if (LowerFunction pattern = patternTable().lookup(("rblib." + name).str()))
      return pattern(lowering, op);
    return lowering.unsupported(op, "the specialised operation 'rblib." + name.str() + "' is not supported",
                                "write it with tl operations");
  }
  return lowering.unsupported(op, "the call to '" + call.getCallee().str() + "' cannot be inlined",
                              "remove noinline=True, and return once, at the end of the function");
}

} // namespace

void addCallPatterns(PatternTable &table) { table["tt.call"] = lowerCall; }

} // namespace rblnc::lower
