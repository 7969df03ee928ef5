// linalg.generic, and nothing else: its header is heavy.
#include "Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {

static Value empty(OpBuilder &builder, Location loc, ArrayRef<int64_t> shape, Type element) {
  return tensor::EmptyOp::create(builder, loc, shape, element);
}

Value Lowering::generic(ArrayRef<int64_t> shape, Type element, ValueRange inputs, ArrayRef<AffineMap> maps,
                        BodyBuilder body) {
  SmallVector<AffineMap> allMaps(maps);
  allMaps.push_back(builder.getMultiDimIdentityMap(shape.size()));
  SmallVector<utils::IteratorType> loops(shape.size(), utils::IteratorType::parallel);
  Value out = empty(builder, loc, shape, element);
  auto op = linalg::GenericOp::create(builder, loc, out.getType(), inputs, out, allMaps, loops,
                                      [&](OpBuilder &nested, Location loc, ValueRange elements) {
                                        Value result = body(nested, loc, elements.drop_back());
                                        // A body that failed has reported; the result is thrown away.
                                        linalg::YieldOp::create(nested, loc, result ? result : elements.back());
                                      });
  return op.getResult(0);
}

Value Lowering::elementwise(ArrayRef<int64_t> shape, Type element, ValueRange inputs, BodyBuilder body) {
  SmallVector<AffineMap> maps;
  for (Value input : inputs)
    maps.push_back(cast<RankedTensorType>(input.getType()).getRank() == 0
                       ? AffineMap::get(shape.size(), 0, builder.getContext())
                       : builder.getMultiDimIdentityMap(shape.size()));
  return generic(shape, element, inputs, maps, body);
}

Value Lowering::move(Value source, ArrayRef<int64_t> shape, AffineMap map) {
  Type element = cast<RankedTensorType>(source.getType()).getElementType();
  return generic(shape, element, source, map,
                 [](OpBuilder &, Location, ValueRange elements) { return elements.front(); });
}

Value Lowering::iota(int64_t start, int64_t count, Type element) {
  return generic(count, element, {}, {}, [&](OpBuilder &nested, Location loc, ValueRange) -> Value {
    Value position = linalg::IndexOp::create(nested, loc, 0);
    Value number = arith::IndexCastOp::create(nested, loc, element, position);
    if (start == 0)
      return number;
    Value first = arith::ConstantOp::create(nested, loc, IntegerAttr::get(element, start));
    return arith::AddIOp::create(nested, loc, number, first);
  });
}

Value Lowering::contraction(Value a, Value b, Value c, BodyBuilder body, ArrayRef<NamedAttribute> attributes) {
  auto type = cast<RankedTensorType>(c.getType());
  unsigned rank = type.getRank();
  // Loops: the axes of the result, then k.
  AffineExpr m = builder.getAffineDimExpr(rank - 2), n = builder.getAffineDimExpr(rank - 1);
  AffineExpr k = builder.getAffineDimExpr(rank), zero = builder.getAffineConstantExpr(0);
  auto operandMap = [&](Value operand, AffineExpr row, AffineExpr column) {
    auto operandType = cast<RankedTensorType>(operand.getType());
    SmallVector<AffineExpr> exprs;
    for (unsigned d = 0; d + 2 < rank; ++d)
      exprs.push_back(operandType.getDimSize(d) == type.getDimSize(d) ? builder.getAffineDimExpr(d) : zero);
    exprs.append({row, column});
    return AffineMap::get(rank + 1, 0, exprs, builder.getContext());
  };
  SmallVector<AffineMap> maps{operandMap(a, m, k), operandMap(b, k, n), operandMap(c, m, n)};
  SmallVector<utils::IteratorType> loops(rank, utils::IteratorType::parallel);
  loops.push_back(utils::IteratorType::reduction);
  auto op = linalg::GenericOp::create(
      builder, loc, TypeRange{type}, ValueRange{a, b}, ValueRange{c}, maps, loops,
      [&](OpBuilder &nested, Location loc, ValueRange elements) {
        linalg::YieldOp::create(nested, loc, body(nested, loc, elements));
      },
      attributes);
  return op.getResult(0);
}

} // namespace rblnc::lower
