// linalg.generic, and nothing else: its header is heavy.
#include "rblnc/rbln/Structured.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace rblnc::rbln {

Value generic(OpBuilder &builder, Location loc, ArrayRef<int64_t> shape, Type element, ValueRange inputs,
              ArrayRef<AffineMap> maps, BodyBuilder body) {
  SmallVector<AffineMap> allMaps(maps);
  allMaps.push_back(builder.getMultiDimIdentityMap(shape.size()));
  SmallVector<utils::IteratorType> loops(shape.size(), utils::IteratorType::parallel);
  Value out = tensor::EmptyOp::create(builder, loc, shape, element);
  auto op = linalg::GenericOp::create(builder, loc, out.getType(), inputs, out, allMaps, loops,
                                      [&](OpBuilder &nested, Location loc, ValueRange elements) {
                                        Value result = body(nested, loc, elements.drop_back());
                                        // A body that failed has reported; the result is thrown away.
                                        linalg::YieldOp::create(nested, loc, result ? result : elements.back());
                                      });
  return op.getResult(0);
}

/// The map that reads an input of this shape at every index of a result of another one.
static AffineMap broadcastMap(OpBuilder &builder, ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  SmallVector<AffineExpr> results;
  for (size_t d = 0; d < from.size(); ++d)
    results.push_back(from[d] == 1 && to[d] != 1 ? builder.getAffineConstantExpr(0) : builder.getAffineDimExpr(d));
  return AffineMap::get(to.size(), 0, results, builder.getContext());
}

Value elementwise(OpBuilder &builder, Location loc, ArrayRef<int64_t> shape, Type element, ValueRange inputs,
                  BodyBuilder body) {
  SmallVector<AffineMap> maps;
  for (Value input : inputs)
    maps.push_back(broadcastMap(builder, cast<RankedTensorType>(input.getType()).getShape(), shape));
  return generic(builder, loc, shape, element, inputs, maps, body);
}

Value reduce(OpBuilder &builder, Location loc, Value input, int64_t axis, BodyBuilder combine) {
  auto type = cast<RankedTensorType>(input.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape[axis] = 1;
  Type element = type.getElementType();
  auto op = ReduceOp::create(builder, loc, TypeRange{RankedTensorType::get(shape, element)}, ValueRange{input},
                             static_cast<uint64_t>(axis));
  Block &block = op.getCombiner().emplaceBlock();
  block.addArguments({element, element}, {loc, loc});
  OpBuilder nested = OpBuilder::atBlockBegin(&block);
  YieldOp::create(nested, loc, combine(nested, loc, block.getArguments()));
  return op.getResult(0);
}

} // namespace rblnc::rbln
