// RBLN-W009: conversions between element types.
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/TypeUtilities.h"

#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {

void castOfBlock(mlir::Operation *op, Context &context) {
  mlir::Value from = op->getOperand(0);
  mlir::Type to = op->getResult(0).getType();
  if (!mlir::isa<mlir::RankedTensorType>(to))
    return;
  // Between integers, only data counts: the offsets of a block are widened too, by Triton itself.
  bool isFloat = mlir::isa<mlir::FloatType>(mlir::getElementTypeOrSelf(from.getType())) ||
                 mlir::isa<mlir::FloatType>(mlir::getElementTypeOrSelf(to));
  if (!isFloat && !context.facts.has(from, Fact::LoadedBlock))
    return;
  // One a line: a.to(tl.float16).to(tl.float32) is one habit.
  context.report(op, {typeText(from.getType()) + " is cast to " + elementName(to) +
                          "; the vendor's compiler refuses casts of blocks",
                      "keep float32 from tl.load to tl.store and convert the tensors outside of the kernel",
                      "cast",
                      {}});
}

} // namespace rblnc::rules
