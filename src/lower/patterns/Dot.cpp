// Matrix products: linalg.generic with one reduction loop.
#include "Patterns.h"

#include "Report.h"
#include "Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

/// The operands of a product whose leading dimensions were merged into one: a and b have the same leading dimensions,
/// before their rows and columns.
struct Unmerged {
  Value a, b;
};

/// Triton 3.6 and later compute products of rank 4 and more as reshapes around one of rank 3. Undone, a broadcast along
/// one of the leading dimensions stays a broadcast; merged with its neighbours it would have to be written out.
std::optional<Unmerged> unmerge(Value a, Value b) {
  auto collapseA = a.getDefiningOp<tensor::CollapseShapeOp>(), collapseB = b.getDefiningOp<tensor::CollapseShapeOp>();
  if (!collapseA || !collapseB || collapseA.getReassociationIndices() != collapseB.getReassociationIndices())
    return std::nullopt;
  SmallVector<ReassociationIndices, 4> groups = collapseA.getReassociationIndices();
  ArrayRef<int64_t> shapeA = collapseA.getSrcType().getShape(), shapeB = collapseB.getSrcType().getShape();
  bool keepsMatrices = groups.size() == 3 && groups[1].size() == 1 && groups[2].size() == 1;
  if (!keepsMatrices || shapeA.drop_back(2) != shapeB.drop_back(2))
    return std::nullopt;
  return Unmerged{collapseA.getSrc(), collapseB.getSrc()};
}

/// The same elements under another shape; a constant stays one.
Value reshapeStart(Lowering &lowering, Value start, ArrayRef<int64_t> shape) {
  DenseElementsAttr elements;
  if (matchPattern(start, m_Constant(&elements)) && elements.isSplat())
    return lowering.constant(RankedTensorType::get(shape, elements.getElementType()),
                             elements.getSplatValue<TypedAttr>());
  return lowering.reshape(start, shape);
}

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
  auto merged = cast<RankedTensorType>(c.getType());
  if (std::optional<Unmerged> apart = unmerge(a, b)) {
    SmallVector<int64_t> shape(cast<RankedTensorType>(apart->a.getType()).getShape().drop_back(2));
    shape.append({merged.getDimSize(1), merged.getDimSize(2)});
    Value product = lowering.contraction(apart->a, apart->b, reshapeStart(lowering, c, shape), body, attribute);
    lowering.set(dot.getD(), lowering.reshape(product, merged.getShape()));
    return success();
  }
  lowering.set(dot.getD(), lowering.contraction(a, b, c, body, attribute));
  return success();
}

} // namespace

void addDotPatterns(PatternTable &table) { table["tt.dot"] = lowerDot; }

} // namespace rblnc::lower
