// RBLN-W014: rows that do not fill units of 64 elements.
#include "Access.h"
#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {
namespace {

/// Elements in a unit of the device's rows: align_tensor_last_dim_to_64 in vllm-rbln.
constexpr int64_t rowUnit = 64;

} // namespace

void lastDimension(mlir::Operation *op, Context &context) {
  Access access = accessOf(op, context.facts);
  if (!access.isBlock() || access.isOneElement())
    return;
  int64_t extent = access.shape().back();
  if (extent % rowUnit == 0)
    return;
  // W012 says what to do with a row statistic.
  if (extent == 1 && access.isStore && context.facts.has(access.stored, Fact::Reduced))
    return;
  int64_t padded = (extent / rowUnit + 1) * rowUnit;
  context.report(op, {access.verb() + " " + typeText(access.type) + ", whose last dimension " + std::to_string(extent) +
                          " is no multiple of " + std::to_string(rowUnit),
                      "pad the last dimension of " + access.arrayText() + " to " + std::to_string(padded) +
                          " before the call (rblib.align_tensor_last_dim_to_64)",
                      access.subject(),
                      {}});
}

} // namespace rblnc::rules
