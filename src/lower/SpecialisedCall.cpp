// What the lowerings of rblib operations share.
#include "SpecialisedCall.h"

#include "Report.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"

#include <limits>

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {

SpecialisedCall::SpecialisedCall(Lowering &lowering, Operation *op)
    : builder(lowering.builder), loc(lowering.loc), call(cast<tt::CallOp>(op)), lowering(lowering) {}

bool SpecialisedCall::hasOperands() {
  return all_of(call.getOperands(),
                [&](Value operand) { return isa<tt::PointerType>(operand.getType()) || bool(lowering.get(operand)); });
}

Value SpecialisedCall::index(unsigned operand, int64_t limit, bool isLimited) {
  Value value = call.getOperand(operand);
  std::optional<DynamicIndex> dynamic = lowering.analysis.dynamicIndex(value);
  if (dynamic && dynamic->added == 0)
    return lowering.index(lowering.scalar(dynamic->call.getResult(0)), 0, limit);
  if (isLimited || !isDerived(operand))
    return lowering.index(lowering.scalar(value), 0, limit);
  return lowering.index(lowering.scalar(value), std::numeric_limits<int32_t>::min(),
                        std::numeric_limits<int32_t>::max());
}

bool SpecialisedCall::isDerived(unsigned operand) {
  Value value = call.getOperand(operand);
  if (std::optional<DynamicIndex> dynamic = lowering.analysis.dynamicIndex(value); dynamic && dynamic->added == 0)
    return false;
  const LinearForm *form = lowering.analysis.integer(value);
  return form && any_of(form->terms, [](const Term &term) {
           auto origin = term.value.getDefiningOp<tt::CallOp>();
           return origin && specialisedName(origin) == "to_dynamic_index";
         });
}

LogicalResult SpecialisedCall::finish(Operation *lowered) {
  const SpecialisedOp &op = *findSpecialised(specialisedName(call));
  auto wrong = [&](std::string what) {
    // Nothing may be left that does not verify.
    lowered->erase();
    return lowering.fail(errorAt(Code::C010, call, "rblib." + std::string(op.name) + ": " + what,
                                 "call it as " + std::string(op.usage)));
  };
  std::string message;
  {
    ScopedDiagnosticHandler handler(lowered->getContext(), [&](mlir::Diagnostic &diagnostic) {
      if (message.empty())
        message = diagnostic.str();
      return success();
    });
    if (failed(verify(lowered))) {
      StringRef text = message;
      text.consume_front("'" + lowered->getName().getStringRef().str() + "' op ");
      return wrong(text.str());
    }
  }
  for (auto [result, value] : zip(call.getResults(), lowered->getResults()))
    if (isa<RankedTensorType>(result.getType()) && result.getType() != value.getType())
      return wrong("the result is " + text(value.getType()) + ", not " + text(result.getType()));
  for (auto [result, value] : zip(call.getResults(), lowered->getResults()))
    lowering.set(result, value);
  return success();
}

} // namespace rblnc::lower
