// Reductions: rbln.reduce keeps the axis, a collapse drops it where the kernel does.
#include "Patterns.h"

#include "Types.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

LogicalResult lowerReduce(Lowering &lowering, Operation *op) {
  auto reduce = cast<tt::ReduceOp>(op);
  FailureOr<SmallVector<Value>> operands = lowering.operandsOf(op);
  if (failed(operands))
    return failure();
  unsigned axis = reduce.getAxis();
  SmallVector<Type> types;
  for (Value operand : *operands) {
    auto type = cast<RankedTensorType>(operand.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape[axis] = 1;
    types.push_back(RankedTensorType::get(shape, type.getElementType()));
  }
  auto kept = rbln::ReduceOp::create(lowering.builder, lowering.loc, types, *operands, axis);
  Block *block = &kept.getCombiner().emplaceBlock();
  for (BlockArgument argument : reduce.getCombineOp().getArguments())
    block->addArgument(argument.getType(), argument.getLoc());
  OpBuilder builder = OpBuilder::atBlockBegin(block);
  FailureOr<SmallVector<Value>> results = emitRegion(lowering, reduce.getCombineOp(), block->getArguments(), builder);
  if (failed(results)) {
    kept.erase();
    return failure();
  }
  rbln::YieldOp::create(builder, reduce.getCombineOp().front().getTerminator()->getLoc(), *results);
  for (auto [result, value] : zip(op->getResults(), kept.getResults())) {
    lowering.keptReductions[result] = {value, axis};
    lowering.set(result, lowering.reshape(value, tensorTypeOf(result.getType()).getShape()));
  }
  return success();
}

} // namespace

void addReducePatterns(PatternTable &table) { table["tt.reduce"] = lowerReduce; }

} // namespace rblnc::lower
