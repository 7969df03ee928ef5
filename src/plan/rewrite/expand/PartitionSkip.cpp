// The rule by which a partition is skipped, on two integers.
#include "rewrite/Expand.h"

#include "rblnc/rbln/Structured.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace rblnc::plan {

static SmallVector<Value> expandPartitionSkip(OpBuilder &builder, Operation *op) {
  auto skip = cast<rbln::PartitionSkipOp>(op);
  SmallVector<Value> inputs{integerOf(skip.getCurrent())};
  if (skip.getPrevious())
    inputs.push_back(skip.getPrevious());
  SmallVector<AffineMap> maps;
  for (Value input : inputs) {
    SmallVector<AffineExpr> zeros(cast<RankedTensorType>(input.getType()).getRank(), builder.getAffineConstantExpr(0));
    maps.push_back(AffineMap::get(0, 0, zeros, builder.getContext()));
  }
  Type i64 = builder.getI64Type();
  return {rbln::generic(builder, op->getLoc(), {}, builder.getI1Type(), inputs, maps,
                        [&](OpBuilder &nested, Location loc, ValueRange elements) -> Value {
                          auto compare = [&](arith::CmpIPredicate predicate, Value element, int64_t with) -> Value {
                            if (element.getType() != i64)
                              element = arith::ExtSIOp::create(nested, loc, i64, element);
                            Value limit = arith::ConstantOp::create(nested, loc, nested.getI64IntegerAttr(with));
                            return arith::CmpIOp::create(nested, loc, predicate, element, limit);
                          };
                          Value isEmpty = compare(arith::CmpIPredicate::eq, elements[0], 0);
                          if (elements.size() == 1)
                            return isEmpty;
                          Value beforeIsOpen =
                              compare(arith::CmpIPredicate::slt, elements[1], static_cast<int64_t>(skip.getSize()));
                          return arith::AndIOp::create(nested, loc, isEmpty, beforeIsOpen);
                        })};
}

void addPartitionSkipExpansion(ExpandTable &table) {
  table[rbln::PartitionSkipOp::getOperationName()] = expandPartitionSkip;
}

} // namespace rblnc::plan
