// linalg.generic, and nothing else: its header is heavy.
#include "Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {

Value Lowering::generic(ArrayRef<int64_t> shape, Type element, ValueRange inputs, ArrayRef<AffineMap> maps,
                        rbln::BodyBuilder body) {
  return rbln::generic(builder, loc, shape, element, inputs, maps, body);
}

Value Lowering::elementwise(ArrayRef<int64_t> shape, Type element, ValueRange inputs, rbln::BodyBuilder body) {
  return rbln::elementwise(builder, loc, shape, element, inputs, body);
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

Value Lowering::contraction(Value a, Value b, Value c, rbln::BodyBuilder body, ArrayRef<NamedAttribute> attributes) {
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
