// Choosing commands: a branch becomes commands that are skipped, and buffers that hold its results either way.
#include "CommandBuilder.h"
#include "tiling/TileKernel.h"

#include "rblnc/triton/Location.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace rblnc::plan {

/// Whether a block does nothing but yield.
static bool isEmpty(Region &region) { return region.empty() || llvm::hasSingleElement(region.front()); }

static bool isSame(const View &a, const View &b) {
  return a.buffer == b.buffer && a.offset == b.offset && a.strides == b.strides && !a.splat && !b.splat;
}

/// Whether a branch may write its result over the value that it keeps when it is skipped: the value is an earlier
/// branch's result, so its buffer is its own, and nobody reads it but this branch, and as one result only.
static bool canReplace(Value kept, scf::IfOp branch) {
  if (!kept.getDefiningOp<scf::IfOp>() || kept.getParentBlock() != branch->getBlock())
    return false;
  unsigned yields = 0;
  for (OpOperand &use : kept.getUses()) {
    if (!branch->isProperAncestor(use.getOwner()))
      return false;
    yields += isa<scf::YieldOp>(use.getOwner());
  }
  return yields == 1;
}

/// The engine that a branch's result is for.
static int64_t engineOfResult(scf::IfOp branch, unsigned result) {
  auto engines = branch->getAttrOfType<ArrayAttr>(engineAttribute);
  return engines ? cast<IntegerAttr>(engines[result]).getInt() : 0;
}

/// Results of more elements are copied by a transfer: a vector program takes longer than setting one up.
static constexpr int64_t smallResult = 16384;

/// Copies a result. The engine that computed it does so faster than a transfer that has to wait for the engine.
void CommandBuilder::copyResult(const View &from, const View &to, RankedTensorType type, Location location) {
  if (from.splat || type.getNumElements() > smallResult)
    return copy(from, to, type.getShape(), location);
  auto vector =
      npu::VectorOp::create(builder, location, queue(npu::Unit::NeuralEngine), ArrayRef<int64_t>{}, type.getShape(),
                            ValueRange{from.buffer}, builder.getArrayAttr({access(from, from.strides)}),
                            ValueRange{to.buffer}, builder.getArrayAttr({access(to, to.strides)}));
  Block &body = vector.getBody().emplaceBlock();
  OpBuilder inside = OpBuilder::atBlockBegin(&body);
  npu::YieldOp::create(inside, location, body.addArgument(from.element, location));
}

void CommandBuilder::writeResults(Block &block, ArrayRef<View> results) {
  Operation *yield = block.getTerminator();
  auto branch = cast<scf::IfOp>(block.getParentOp());
  SmallVector<View> values;
  for (Value operand : yield->getOperands())
    values.push_back(resolve(operand));
  // What a result's buffer holds elsewhere or in another order is saved before it is overwritten.
  for (auto [i, value] : llvm::enumerate(values)) {
    bool isOverwritten =
        llvm::any_of(results, [&value = value](const View &result) { return result.buffer == value.buffer; });
    if (!isOverwritten || isSame(value, results[i]))
      continue;
    auto type = cast<RankedTensorType>(yield->getOperand(i).getType());
    auto scope = onEngine(engineOfResult(branch, i));
    View saved = allocate(yield->getOperand(i), yield->getLoc());
    copyResult(value, saved, type, yield->getLoc());
    value = saved;
  }
  for (auto [i, operand] : llvm::enumerate(yield->getOperands())) {
    auto scope = onEngine(engineOfResult(branch, i));
    if (!isSame(values[i], results[i]))
      copyResult(values[i], results[i], cast<RankedTensorType>(operand.getType()), yield->getLoc());
  }
}

LogicalResult CommandBuilder::visitBranch(Block &block, int64_t reg, bool whenZero, ArrayRef<View> results) {
  Location location = block.getParentOp()->getLoc();
  auto outside = firstRows;
  npu::BranchOp::create(builder, location, reg, whenZero);
  for (Operation &op : block.without_terminator()) {
    if (isa<scf::IfOp>(op)) {
      diagnostics.report(Code::P002, "a branch stands inside of a branch", framesOf(op.getLoc()));
      return failure();
    }
    if (failed(visit(&op)))
      return failure();
  }
  // What is computed here must not be left for commands that are not skipped.
  emitAll();
  writeResults(block, results);
  npu::JoinOp::create(builder, location);
  firstRows = std::move(outside);
  return success();
}

LogicalResult CommandBuilder::visitIf(scf::IfOp op) {
  auto extract = op.getCondition().getDefiningOp<tensor::ExtractOp>();
  if (!extract || cast<ShapedType>(extract.getTensor().getType()).getNumElements() != 1) {
    diagnostics.report(Code::P002, "the condition of a branch is not the element of a tensor", framesOf(op.getLoc()));
    return failure();
  }
  for (Type type : op->getResultTypes())
    if (auto tensor = dyn_cast<RankedTensorType>(type); !tensor || !tensor.hasStaticShape()) {
      diagnostics.report(Code::P002, "a branch has a result that is no tensor of known shape", framesOf(op.getLoc()));
      return failure();
    }
  // What was computed before is not skipped with the branch.
  emitAll();
  Value condition = extract.getTensor();
  auto [known, isNew] = registerOf.try_emplace(condition, 0);
  if (isNew) {
    View view = materialize(condition, op.getLoc());
    known->second = loadRegister(view, 0, 1, "", op.getLoc());
  }
  int64_t reg = registerOf.lookup(condition);
  Region *always = isEmpty(op.getElseRegion())   ? &op.getElseRegion()
                   : isEmpty(op.getThenRegion()) ? &op.getThenRegion()
                                                 : nullptr;
  SmallVector<View> results;
  for (auto [i, result] : llvm::enumerate(op->getResults())) {
    auto scope = onEngine(engineOfResult(op, i));
    Value kept = always ? always->front().getTerminator()->getOperand(i) : Value();
    if (kept && canReplace(kept, op) && !resolve(kept).splat)
      results.push_back(resolve(kept));
    else
      results.push_back(allocate(result, op.getLoc()));
  }
  // A block that only yields needs no condition: the other one overwrites what it does.
  if (always && !always->empty())
    writeResults(always->front(), results);
  for (auto [region, whenZero] : {std::pair(&op.getThenRegion(), true), std::pair(&op.getElseRegion(), false)})
    if (region != always && !(region->empty() || (isEmpty(*region) && results.empty())) &&
        failed(visitBranch(region->front(), reg, whenZero, results)))
      return failure();
  for (auto [result, view] : llvm::zip(op->getResults(), results))
    views[result] = view;
  return success();
}

} // namespace rblnc::plan
