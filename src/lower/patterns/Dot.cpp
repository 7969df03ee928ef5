// Matrix products: linalg.generic with one reduction loop.
#include "Patterns.h"

#include "Report.h"
#include "Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

/// Operands are widened to the accumulator's type before they are multiplied, so that products of narrow types are
/// exact. Every input precision computes like this; the attribute is kept for targets that tell them apart.
LogicalResult lowerDot(Lowering &lowering, Operation *op) {
  auto dot = cast<tt::DotOp>(op);
  Value a = lowering.get(dot.getA()), b = lowering.get(dot.getB()), c = lowering.get(dot.getC());
  if (!a || !b || !c)
    return failure();
  Type accumulator = getElementTypeOrSelf(c.getType());
  for (Value operand : {a, b}) {
    Type element = getElementTypeOrSelf(operand.getType());
    bool fits = isa<FloatType>(element) == isa<FloatType>(accumulator) &&
                (element == accumulator || element.getIntOrFloatBitWidth() < accumulator.getIntOrFloatBitWidth());
    if (!fits || accumulator.isInteger(1))
      return lowering.unsupported(op, "tl.dot of " + text(element) + " does not accumulate in " + text(accumulator),
                                  "accumulate floats in float32 and integers in int32 (out_dtype)");
  }
  bool isFloat = isa<FloatType>(accumulator);
  auto body = [&](OpBuilder &builder, Location loc, ValueRange elements) -> Value {
    auto widen = [&](Value x) -> Value {
      if (x.getType() == accumulator)
        return x;
      if (isFloat)
        return arith::ExtFOp::create(builder, loc, accumulator, x);
      return arith::ExtSIOp::create(builder, loc, accumulator, x);
    };
    Value x = widen(elements[0]), y = widen(elements[1]);
    if (isFloat) {
      Value product = arith::MulFOp::create(builder, loc, x, y);
      return arith::AddFOp::create(builder, loc, elements[2], product);
    }
    Value product = arith::MulIOp::create(builder, loc, x, y);
    return arith::AddIOp::create(builder, loc, elements[2], product);
  };
  StringRef precision = tt::stringifyInputPrecision(dot.getInputPrecision());
  NamedAttribute attribute =
      lowering.builder.getNamedAttr("rbln.input_precision", lowering.builder.getStringAttr(precision));
  lowering.set(dot.getD(), lowering.contraction(a, b, c, body, attribute));
  return success();
}

} // namespace

void addDotPatterns(PatternTable &table) { table["tt.dot"] = lowerDot; }

} // namespace rblnc::lower
