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

/// The types that a product is computed in. The matrix unit sums floats in float32, rounded once where they are stored,
/// and integers in int32, which wraps as narrower ones do.
struct Types {
  /// What operands are brought to; null: they stay what they are.
  Type operand;
  Type sum;
  /// The start is added behind the product, in the accumulator's type.
  bool addsStart = false;
};

std::optional<Types> typesOf(Type a, Type b, Type accumulator, int64_t k) {
  OpBuilder builder(accumulator.getContext());
  auto isAny = [](Type type, auto... is) { return (is(type) || ...); };
  auto f16 = [](Type type) { return type.isF16(); };
  auto bf16 = [](Type type) { return type.isBF16(); };
  auto f32 = [](Type type) { return type.isF32(); };
  if (isa<FloatType>(accumulator)) {
    if (!isAny(a, f16, bf16, f32) || !isAny(b, f16, bf16, f32) || !isAny(accumulator, f16, bf16, f32))
      return std::nullopt;
    if (a == b && a.isF16() && accumulator.isF16())
      return Types{nullptr, accumulator};
    return Types{a == b ? Type() : builder.getF32Type(), builder.getF32Type()};
  }
  if (a != b || !isa<IntegerType>(a))
    return std::nullopt;
  Type operand = a.isInteger(1) ? builder.getI8Type() : a.isInteger(64) ? builder.getI32Type() : Type();
  if (accumulator.getIntOrFloatBitWidth() <= 32)
    return Types{operand, builder.getI32Type()};
  // A sum of products of bytes that fits int32 is exact there.
  if (a.getIntOrFloatBitWidth() <= 8 && k <= INT32_MAX >> 14)
    return Types{operand, builder.getI32Type(), true};
  return std::nullopt;
}

/// The elements of `value` in another type. Constants stay ones.
Value castElements(Lowering &lowering, Value value, Type to) {
  auto type = cast<RankedTensorType>(value.getType());
  Type from = type.getElementType();
  if (!to || from == to)
    return value;
  DenseElementsAttr elements;
  if (matchPattern(value, m_Constant(&elements)) && elements.isSplat() && isa<IntegerType>(to)) {
    // As of elements that are not known, a true is 1.
    unsigned width = to.getIntOrFloatBitWidth();
    APInt splat = elements.getSplatValue<APInt>();
    splat = from.isInteger(1) ? splat.zextOrTrunc(width) : splat.sextOrTrunc(width);
    return lowering.constant(type.clone(to), IntegerAttr::get(to, splat));
  }
  if (matchPattern(value, m_Constant(&elements)) && elements.isSplat()) {
    bool losesInfo = false;
    APFloat splat = elements.getSplatValue<APFloat>();
    splat.convert(cast<FloatType>(to).getFloatSemantics(), APFloat::rmNearestTiesToEven, &losesInfo);
    return lowering.constant(type.clone(to), FloatAttr::get(to, splat));
  }
  bool widens = to.getIntOrFloatBitWidth() > from.getIntOrFloatBitWidth();
  return lowering.elementwise(type.getShape(), to, value, [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    if (isa<FloatType>(to))
      return widens ? arith::ExtFOp::create(builder, loc, to, x[0]).getResult()
                    : arith::TruncFOp::create(builder, loc, to, x[0]).getResult();
    if (!widens)
      return arith::TruncIOp::create(builder, loc, to, x[0]);
    if (from.isInteger(1))
      return arith::ExtUIOp::create(builder, loc, to, x[0]);
    return arith::ExtSIOp::create(builder, loc, to, x[0]);
  });
}

/// acc + a * b, with a and b widened first so that products of narrow types are exact.
Value multiplyAdd(OpBuilder &builder, Location loc, ValueRange elements) {
  Type sum = elements[2].getType();
  bool isFloat = isa<FloatType>(sum);
  auto widen = [&](Value x) -> Value {
    if (x.getType() == sum)
      return x;
    if (isFloat)
      return arith::ExtFOp::create(builder, loc, sum, x);
    return arith::ExtSIOp::create(builder, loc, sum, x);
  };
  Value x = widen(elements[0]), y = widen(elements[1]);
  if (isFloat)
    return arith::AddFOp::create(builder, loc, elements[2], arith::MulFOp::create(builder, loc, x, y));
  return arith::AddIOp::create(builder, loc, elements[2], arith::MulIOp::create(builder, loc, x, y));
}

/// a * b + c in the type of c. Every input precision computes like this; the attribute is kept for targets that tell
/// them apart.
Value contract(Lowering &lowering, tt::DotOp dot, Value a, Value b, Value c) {
  StringRef precision = tt::stringifyInputPrecision(dot.getInputPrecision());
  NamedAttribute attribute =
      lowering.builder.getNamedAttr("rbln.input_precision", lowering.builder.getStringAttr(precision));
  auto merged = cast<RankedTensorType>(c.getType());
  std::optional<Unmerged> apart = unmerge(a, b);
  if (!apart)
    return lowering.contraction(a, b, c, multiplyAdd, attribute);
  SmallVector<int64_t> shape(cast<RankedTensorType>(apart->a.getType()).getShape().drop_back(2));
  shape.append({merged.getDimSize(1), merged.getDimSize(2)});
  Value product = lowering.contraction(apart->a, apart->b, reshapeStart(lowering, c, shape), multiplyAdd, attribute);
  return lowering.reshape(product, merged.getShape());
}

LogicalResult lowerDot(Lowering &lowering, Operation *op) {
  auto dot = cast<tt::DotOp>(op);
  Value a = lowering.get(dot.getA()), b = lowering.get(dot.getB()), c = lowering.get(dot.getC());
  if (!a || !b || !c)
    return failure();
  auto result = cast<RankedTensorType>(c.getType());
  Type ofA = getElementTypeOrSelf(a.getType()), ofB = getElementTypeOrSelf(b.getType());
  Type accumulator = result.getElementType();
  std::optional<Types> types = typesOf(ofA, ofB, accumulator, cast<RankedTensorType>(a.getType()).getShape().back());
  if (!types)
    return lowering.unsupported(op,
                                "tl.dot of " + text(ofA) + (ofA == ofB ? "" : " and " + text(ofB)) +
                                    " does not accumulate in " + text(accumulator),
                                "accumulate floats in float32 and integers in int32 (out_dtype)");
  a = castElements(lowering, a, types->operand);
  b = castElements(lowering, b, types->operand);
  if (!types->addsStart) {
    Value sum = contract(lowering, dot, a, b, castElements(lowering, c, types->sum));
    lowering.set(dot.getD(), castElements(lowering, sum, accumulator));
    return success();
  }
  Value none = lowering.constant(result.clone(types->sum), IntegerAttr::get(types->sum, 0));
  Value sum = castElements(lowering, contract(lowering, dot, a, b, none), accumulator);
  lowering.set(dot.getD(), lowering.elementwise(result.getShape(), accumulator, {sum, c},
                                                [](OpBuilder &builder, Location loc, ValueRange x) -> Value {
                                                  return arith::AddIOp::create(builder, loc, x[0], x[1]);
                                                }));
  return success();
}

} // namespace

void addDotPatterns(PatternTable &table) { table["tt.dot"] = lowerDot; }

} // namespace rblnc::lower
