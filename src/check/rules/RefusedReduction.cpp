// RBLN-W008, W024, W029: reductions that are neither a sum nor a maximum.
#include "Describe.h"
#include "Reduction.h"
#include "Rule.h"

#include "mlir/IR/TypeUtilities.h"

namespace rblnc::rules {
namespace {

/// The code under which the vendor's compiler refuses a reduction; none for the two that it takes.
std::optional<Code> refusalOf(Reduction reduction) {
  switch (reduction) {
  case Reduction::Sum:
  case Reduction::Max:
    return std::nullopt;
  case Reduction::Min:
    return Code::W008;
  case Reduction::ArgMax:
  case Reduction::ArgMin:
    return Code::W024;
  case Reduction::XorSum:
  case Reduction::Other:
    return Code::W029;
  }
  return std::nullopt;
}

} // namespace

void refusedReduction(mlir::Operation *op, Context &context) {
  auto reduce = mlir::cast<tt::ReduceOp>(op);
  Reduction reduction = reductionOf(reduce);
  if (refusalOf(reduction) != context.code())
    return;
  std::string name = reductionName(reduction);
  Finding finding;
  finding.subject = name;
  finding.message = name + " of " + typeText(reduce.getSrcs().front().getType()) + " over axis " +
                    std::to_string(reduce.getAxis()) +
                    " is refused by the vendor's compiler, which reduces to a sum or a maximum";
  std::string axis = std::to_string(reduce.getAxis());
  if (reduction == Reduction::Min && mlir::getElementTypeOrSelf(reduce.getSrcs().front().getType()).isInteger())
    // The least integer has no negative, and one without a sign none at all.
    finding.fix = "write ~tl.max(~x, axis=" + axis + ", keep_dims=True)";
  else if (reduction == Reduction::Min)
    finding.fix = "write -tl.max(-x, axis=" + axis + ", keep_dims=True)";
  else if (context.code() == Code::W024)
    finding.fix = "store the values and find the place on the host";
  else
    finding.fix = "store the values and reduce them on the host";
  context.report(op, std::move(finding));
}

} // namespace rblnc::rules
