// The form of a module that later rooms work on.
#include "rblnc/frontend/Frontend.h"

#include "Inline.h"
#include "OneProgram.h"
#include "Simplify.h"
#include "rblnc/triton/Dialect.h"
#include "rblnc/triton/Location.h"

#include "mlir/IR/SymbolTable.h"

using namespace mlir;

namespace rblnc {

/// Only functions stand in a module, and modules nowhere else: in a module's own region values may even be defined in
/// terms of one another, which no rewriting expects.
static LogicalResult checkStructure(ModuleOp module, Diagnostics &diagnostics) {
  for (Operation &op : module.getOps()) {
    if (isa<SymbolOpInterface>(op) && !isa<ModuleOp>(op))
      continue;
    diagnostics.report(Code::I006, "'" + op.getName().getStringRef().str() + "' must not stand outside of a function",
                       framesOf(op.getLoc()));
    return failure();
  }
  WalkResult nested = module.walk<WalkOrder::PreOrder>([&](ModuleOp inner) {
    if (inner == module)
      return WalkResult::advance();
    diagnostics.report(Code::I006, "a module must not stand inside of a function", framesOf(inner.getLoc()));
    return WalkResult::interrupt();
  });
  return failure(nested.wasInterrupted());
}

LogicalResult normalise(ModuleOp module, Diagnostics &diagnostics) {
  if (failed(checkStructure(module, diagnostics)) || failed(frontend::inlineCalls(module, diagnostics)))
    return failure();
  for (tt::FuncOp function : module.getOps<tt::FuncOp>())
    if (!function.isDeclaration()) {
      frontend::answerForOneProgram(function, diagnostics);
      frontend::simplify(function);
    }
  return success();
}

} // namespace rblnc
