// The form of a module that later rooms work on.
#include "rblnc/frontend/Frontend.h"

#include "Inline.h"
#include "Simplify.h"

using namespace mlir;

namespace rblnc {

LogicalResult normalise(ModuleOp module, Diagnostics &diagnostics) {
  if (failed(frontend::inlineCalls(module, diagnostics)))
    return failure();
  frontend::simplify(module);
  return success();
}

} // namespace rblnc
