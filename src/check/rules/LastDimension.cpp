// RBLN-W014: rows that do not fill lines of the scratchpad.
#include "Access.h"
#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {
void lastDimension(mlir::Operation *op, Context &context) {
  Access access = accessOf(op, context.facts);
  if (!access.isBlock() || access.isOneElement())
    return;
  int64_t extent = access.shape().back();
  const int64_t *line = llvm::find_if(context.lineElements, [&](int64_t elements) { return extent % elements != 0; });
  if (line == context.lineElements.end())
    return;
  // W012 says what to do with a row statistic.
  if (extent == 1 && access.isStore && context.facts.has(access.stored, Fact::Reduced))
    return;
  int64_t padded = (extent / *line + 1) * *line;
  // The vendor's helper has its unit in its name.
  const char *helper = *line == 64 ? " (rblib.align_tensor_last_dim_to_64)" : "";
  context.report(op, {access.verb() + " " + typeText(access.type) + ", whose last dimension " + std::to_string(extent) +
                          " is no multiple of " + std::to_string(*line),
                      "pad the last dimension of " + access.arrayText() + " to " + std::to_string(padded) +
                          " before the call" + helper,
                      access.subject(),
                      {}});
}

} // namespace rblnc::rules
