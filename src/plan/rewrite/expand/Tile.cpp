// The online softmax, step by step.
#include "Tile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace rblnc::plan {

static RankedTensorType typeOf(Value tensor) { return cast<RankedTensorType>(tensor.getType()); }

static Value number(OpBuilder &builder, Location loc, FloatType type, bool isMinusInfinity) {
  const llvm::fltSemantics &semantics = type.getFloatSemantics();
  return arith::ConstantOp::create(builder, loc,
                                   FloatAttr::get(type, isMinusInfinity ? APFloat::getInf(semantics, /*Negative=*/true)
                                                                        : APFloat::getZero(semantics)));
}

Value selectByMask(OpBuilder &builder, Location loc, Value x, Value mask) {
  auto element = cast<FloatType>(typeOf(x).getElementType());
  auto maskElement = cast<FloatType>(typeOf(mask).getElementType());
  return rbln::elementwise(builder, loc, typeOf(x).getShape(), element, {x, mask},
                           [&](OpBuilder &nested, Location loc, ValueRange elements) -> Value {
                             Value zero = number(nested, loc, maskElement, false);
                             Value visible =
                                 arith::CmpFOp::create(nested, loc, arith::CmpFPredicate::OGT, elements[1], zero);
                             Value hidden = number(nested, loc, element, true);
                             return arith::SelectOp::create(nested, loc, visible, elements[0], hidden);
                           });
}

Value selectByIndex(OpBuilder &builder, Location loc, Value x, Value index, Visible visible) {
  Value integer = integerOf(index);
  int64_t rank = typeOf(x).getRank();
  auto element = cast<FloatType>(typeOf(x).getElementType());
  SmallVector<AffineExpr> zeros(typeOf(integer).getRank(), builder.getAffineConstantExpr(0));
  SmallVector<AffineMap> maps{builder.getMultiDimIdentityMap(rank),
                              AffineMap::get(rank, 0, zeros, builder.getContext())};
  Type i64 = builder.getI64Type();
  return rbln::generic(builder, loc, typeOf(x).getShape(), element, {x, integer}, maps,
                       [&](OpBuilder &nested, Location loc, ValueRange elements) -> Value {
                         auto position = [&](int64_t axis) -> Value {
                           Value at = linalg::IndexOp::create(nested, loc, axis);
                           return arith::IndexCastOp::create(nested, loc, i64, at);
                         };
                         Value off = elements[1];
                         if (off.getType() != i64)
                           off = arith::ExtSIOp::create(nested, loc, i64, off);
                         Value seen = visible(nested, loc, off, position(rank - 2), position(rank - 1));
                         Value hidden = number(nested, loc, element, true);
                         return arith::SelectOp::create(nested, loc, seen, elements[0], hidden);
                       });
}

Value isCausal(OpBuilder &builder, Location loc, Value off, Value i, Value j) {
  Value last = arith::AddIOp::create(builder, loc, off, i);
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sle, j, last);
}

Value expOfDifference(OpBuilder &builder, Location loc, Value a, Value b) {
  auto element = cast<FloatType>(typeOf(a).getElementType());
  return rbln::elementwise(builder, loc, typeOf(a).getShape(), element, {a, b},
                           [&](OpBuilder &nested, Location loc, ValueRange elements) -> Value {
                             Value difference = arith::SubFOp::create(nested, loc, elements[0], elements[1]);
                             Value weight = math::ExpOp::create(nested, loc, difference);
                             Value hidden = number(nested, loc, element, true);
                             Value isHidden =
                                 arith::CmpFOp::create(nested, loc, arith::CmpFPredicate::OEQ, elements[0], hidden);
                             Value zero = number(nested, loc, element, false);
                             return arith::SelectOp::create(nested, loc, isHidden, zero, weight);
                           });
}

Tile tile(OpBuilder &builder, Location loc, Value y, int64_t axis, Value previous) {
  auto larger = [](OpBuilder &nested, Location loc, ValueRange elements) -> Value {
    return arith::MaximumFOp::create(nested, loc, elements[0], elements[1]);
  };
  Value m = rbln::reduce(builder, loc, y, axis, larger);
  if (previous)
    m = rbln::elementwise(builder, loc, typeOf(m).getShape(), typeOf(m).getElementType(), {m, previous}, larger);
  Value p = expOfDifference(builder, loc, y, m);
  Value s = rbln::reduce(builder, loc, p, axis, [](OpBuilder &nested, Location loc, ValueRange elements) -> Value {
    return arith::AddFOp::create(nested, loc, elements[0], elements[1]);
  });
  return {m, p, s};
}

} // namespace rblnc::plan
