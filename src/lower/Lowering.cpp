// Values and errors.
#include "Lowering.h"

#include "Report.h"

using namespace mlir;

namespace rblnc::lower {

/// A scalar argument is read from its array where it is first used, or before the branch that it is first used in.
Value Lowering::get(Value value) {
  if (Value known = values.lookup(value))
    return known;
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument || argument.getArgNumber() >= arguments.size() || !arguments[argument.getArgNumber()].isScalar)
    return {};
  rbln::ArrayType array = arguments[argument.getArgNumber()].type;
  OpBuilder::InsertionGuard guard(builder);
  Block *entry = arrays[argument.getArgNumber()].getParentBlock();
  if (builder.getBlock() != entry)
    builder.setInsertionPoint(entry->findAncestorOpInBlock(*builder.getBlock()->getParentOp()));
  Value loaded = rbln::LoadOp::create(builder, argument.getLoc(), RankedTensorType::get({}, array.getElementType()),
                                      arrays[argument.getArgNumber()], /*terms=*/ValueRange(),
                                      /*clipTerms=*/ValueRange(), /*offset=*/0, /*scales=*/ArrayRef<int64_t>(),
                                      /*strides=*/ArrayRef<int64_t>(), /*clips=*/ArrayAttr(), /*padding=*/TypedAttr());
  values[value] = loaded;
  return loaded;
}

FailureOr<SmallVector<Value>> Lowering::operandsOf(Operation *op) {
  SmallVector<Value> tensors;
  for (Value operand : op->getOperands()) {
    Value tensor = get(operand);
    if (!tensor)
      return failure();
    tensors.push_back(tensor);
  }
  return tensors;
}

LogicalResult Lowering::inRegion(Block &block, llvm::function_ref<LogicalResult()> lower) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&block);
  auto outside = indices;
  LogicalResult result = lower();
  indices = std::move(outside);
  return result;
}

LogicalResult Lowering::fail(Diagnostic diagnostic) {
  diagnostics.report(std::move(diagnostic));
  return failure();
}

LogicalResult Lowering::unsupported(Operation *op, std::string message, std::string fix) {
  return fail(errorAt(Code::C003, op, std::move(message), std::move(fix)));
}

} // namespace rblnc::lower
