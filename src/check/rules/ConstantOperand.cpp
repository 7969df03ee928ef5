// RBLN-W004: maximum or minimum with a block of constants.
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/SmallString.h"

#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {
namespace {

/// "0", "-inf": the number that fills a block of constants; empty when its elements differ.
std::string fillText(mlir::Value value) {
  mlir::Attribute constant;
  if (!mlir::matchPattern(value, mlir::m_Constant(&constant)))
    return {};
  auto elements = mlir::dyn_cast<mlir::SplatElementsAttr>(constant);
  if (!elements)
    return {};
  llvm::SmallString<32> text;
  if (mlir::isa<mlir::FloatType>(elements.getElementType()))
    elements.getSplatValue<llvm::APFloat>().toString(text, 9);
  else
    elements.getSplatValue<llvm::APInt>().toStringSigned(text);
  return std::string(text);
}

} // namespace

void constantOperand(mlir::Operation *op, Context &context) {
  if (!mlir::isa<mlir::RankedTensorType>(op->getResult(0).getType()))
    return;
  for (mlir::Value operand : op->getOperands()) {
    if (!isConstant(operand))
      continue;
    std::string fill = fillText(operand);
    context.report(
        op, {"an operand of " + pythonName(op) + " is " + typeText(operand.getType()) + " filled with " +
                 (fill.empty() ? std::string("constants") : fill) +
                 "; the vendor's compiler refuses blocks of constants there",
             "use only blocks that depend on loaded data: load the constants, or start a running maximum with the "
             "first block instead of tl.full",
             pythonName(op),
             {}});
    return;
  }
}

} // namespace rblnc::rules
