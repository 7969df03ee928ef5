// Shape operations: moves with an indexing map, and reshapes.
#include "Patterns.h"

#include "Types.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

/// tt.expand_dims, tt.reshape and tt.unsplat: the same elements in order. A reshape that may reorder keeps the order.
LogicalResult lowerReshape(Lowering &lowering, Operation *op) {
  Value result = op->getResult(0);
  // A reduction that is expanded at its own axis is the reduction that keeps the axis.
  if (auto expand = dyn_cast<tt::ExpandDimsOp>(op)) {
    auto kept = lowering.keptReductions.find(expand.getSrc());
    if (kept != lowering.keptReductions.end() && kept->second.second == expand.getAxis()) {
      lowering.set(result, kept->second.first);
      return success();
    }
  }
  Value source = lowering.get(op->getOperand(0));
  if (!source)
    return failure();
  lowering.set(result, lowering.reshape(source, tensorTypeOf(result.getType()).getShape()));
  return success();
}

LogicalResult lowerSplat(Lowering &lowering, Operation *op) {
  Value source = lowering.get(op->getOperand(0));
  if (!source)
    return failure();
  ArrayRef<int64_t> shape = tensorTypeOf(op->getResult(0).getType()).getShape();
  lowering.set(op->getResult(0),
               lowering.move(source, shape, AffineMap::get(shape.size(), 0, lowering.builder.getContext())));
  return success();
}

LogicalResult lowerBroadcast(Lowering &lowering, Operation *op) {
  Value source = lowering.get(op->getOperand(0));
  if (!source)
    return failure();
  ArrayRef<int64_t> shape = tensorTypeOf(op->getResult(0).getType()).getShape();
  auto type = cast<RankedTensorType>(source.getType());
  if (type.getShape() == shape) {
    lowering.set(op->getResult(0), source);
    return success();
  }
  SmallVector<AffineExpr> exprs;
  for (auto [d, extent] : enumerate(shape))
    exprs.push_back(type.getDimSize(d) == extent ? lowering.builder.getAffineDimExpr(d)
                                                 : lowering.builder.getAffineConstantExpr(0));
  lowering.set(op->getResult(0),
               lowering.move(source, shape, AffineMap::get(shape.size(), 0, exprs, lowering.builder.getContext())));
  return success();
}

/// Axis d of the result is axis order[d] of the source, so the source is indexed by the inverse permutation.
LogicalResult lowerTrans(Lowering &lowering, Operation *op) {
  auto trans = cast<tt::TransOp>(op);
  Value source = lowering.get(trans.getSrc());
  if (!source)
    return failure();
  ArrayRef<int64_t> shape = tensorTypeOf(trans.getResult().getType()).getShape();
  SmallVector<AffineExpr> exprs(shape.size());
  for (auto [d, axis] : enumerate(trans.getOrder()))
    exprs[axis] = lowering.builder.getAffineDimExpr(d);
  lowering.set(trans.getResult(),
               lowering.move(source, shape, AffineMap::get(shape.size(), 0, exprs, lowering.builder.getContext())));
  return success();
}

} // namespace

void addShapePatterns(PatternTable &table) {
  for (StringRef name : {"tt.expand_dims", "tt.reshape", "tt.unsplat"})
    table[name] = lowerReshape;
  table["tt.splat"] = lowerSplat;
  table["tt.broadcast"] = lowerBroadcast;
  table["tt.trans"] = lowerTrans;
}

} // namespace rblnc::lower
