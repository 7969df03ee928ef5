// Vector programs.
#include "Verify.h"

#include "llvm/ADT/DenseSet.h"

using namespace mlir;

namespace rblnc::npu {

LogicalResult VectorOp::verify() {
  size_t rank = getOuter().size() + getInner().size();
  if (getInputs().size() != getInputAccesses().size() || getOutputs().size() != getOutputAccesses().size())
    return emitOpError() << "needs one access for each input and output";
  for (ArrayAttr accesses : {getInputAccesses(), getOutputAccesses()})
    for (Attribute access : accesses)
      if (failed(verifyRank(*this, cast<AccessAttr>(access), rank)))
        return failure();
  Block &block = getBody().front();
  if (block.getNumArguments() != getInputs().size())
    return emitOpError() << "region needs " << getInputs().size() << " arguments";
  for (auto [argument, access] : llvm::zip(block.getArguments(), getInputAccesses()))
    if (argument.getType() != cast<AccessAttr>(access).getElement())
      return emitOpError() << "reads " << cast<AccessAttr>(access).getElement() << " as " << argument.getType();
  if (block.empty() || !isa<YieldOp>(block.back()) || block.back().getNumOperands() != getOutputs().size())
    return emitOpError() << "region must yield " << getOutputs().size() << " values";
  for (auto [value, access] : llvm::zip(block.back().getOperands(), getOutputAccesses()))
    if (value.getType() != cast<AccessAttr>(access).getElement())
      return emitOpError() << "stores " << value.getType() << " as " << cast<AccessAttr>(access).getElement();
  return success();
}

llvm::SmallVector<Touch, 4> VectorOp::getTouches() {
  llvm::SmallVector<int64_t, 4> space(getOuter());
  llvm::append_range(space, getInner());
  llvm::SmallVector<Touch, 4> touches;
  for (auto [memory, access] : llvm::zip(getInputs(), getInputAccesses()))
    touches.push_back({memory, cast<AccessAttr>(access), space, false, {}});
  for (auto [memory, access] : llvm::zip(getOutputs(), getOutputAccesses()))
    touches.push_back({memory, cast<AccessAttr>(access), space, true, {}});
  return touches;
}

void VectorOp::setAccess(unsigned operand, AccessAttr access) {
  auto inputs = static_cast<unsigned>(getInputs().size());
  bool isInput = operand < inputs;
  SmallVector<Attribute> accesses((isInput ? getInputAccesses() : getOutputAccesses()).getValue());
  accesses[isInput ? operand : operand - inputs] = access;
  ArrayAttr changed = ArrayAttr::get(getContext(), accesses);
  if (isInput)
    setInputAccessesAttr(changed);
  else
    setOutputAccessesAttr(changed);
}

static double product(ArrayRef<int64_t> extents) {
  double result = 1;
  for (int64_t extent : extents)
    result *= static_cast<double>(extent);
  return result;
}

/// Scalar operations, as the emulator counts them: what follows from the results of reductions runs once a row.
static double operationsOf(VectorOp vector) {
  Block &body = vector.getBody().front();
  auto outer = static_cast<unsigned>(vector.getOuter().size());
  llvm::DenseSet<Value> ofRows;
  for (auto [argument, access] : llvm::zip(body.getArguments(), vector.getInputAccesses().getAsRange<AccessAttr>()))
    if (llvm::all_of(access.getStrides().drop_front(outer), [](int64_t stride) { return stride == 0; }))
      ofRows.insert(argument);
  double perRow = 0, perElement = 0;
  for (Operation &op : body.without_terminator()) {
    if (op.hasTrait<OpTrait::ConstantLike>()) {
      ofRows.insert(op.getResult(0));
      continue;
    }
    if (isa<IndexOp>(op))
      continue;
    if (auto reduce = dyn_cast<ReduceOp>(op)) {
      perElement += static_cast<double>(reduce.getCombiner().front().getOperations().size() - 1);
      ofRows.insert(op.result_begin(), op.result_end());
      continue;
    }
    bool isOfRow = llvm::all_of(op.getOperands(), [&](Value operand) { return ofRows.contains(operand); });
    if (isOfRow)
      ofRows.insert(op.result_begin(), op.result_end());
    (isOfRow ? perRow : perElement) += 1;
  }
  return product(vector.getOuter()) * (perRow + product(vector.getInner()) * perElement);
}

CommandCost VectorOp::getCost(const CostModel &model, double dramBytes, double sharedBytes) {
  return model.vector(operationsOf(*this), dramBytes, sharedBytes);
}

} // namespace rblnc::npu
