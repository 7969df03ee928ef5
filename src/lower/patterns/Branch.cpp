// Branches on rblib.partition_skip, the only ones that are decided while a kernel runs.
#include "PartitionSkip.h"
#include "Patterns.h"
#include "Report.h"
#include "Types.h"

#include "rblnc/check/Specialised.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

/// The value of a condition that does not depend on the run: the first partition is never skipped.
std::optional<bool> constantCondition(Value condition, const AddressAnalysis &analysis, unsigned depth = 0) {
  APInt number;
  if (matchPattern(condition, m_ConstantInt(&number)))
    return number.getBoolValue();
  Operation *op = condition.getDefiningOp();
  // What users write is one or two operations deep.
  if (!op || depth > 8)
    return std::nullopt;
  if (auto call = dyn_cast<tt::CallOp>(op))
    return specialisedName(call) == "partition_skip" && partitionOf(call, analysis) == 0 ? std::optional(false)
                                                                                         : std::nullopt;
  auto compare = dyn_cast<arith::CmpIOp>(op);
  bool isEqual = compare && compare.getPredicate() == arith::CmpIPredicate::eq;
  bool isDifferent = isa<arith::XOrIOp>(op) || (compare && compare.getPredicate() == arith::CmpIPredicate::ne);
  if (!isEqual && !isDifferent)
    return std::nullopt;
  std::optional<bool> a = constantCondition(op->getOperand(0), analysis, depth + 1);
  std::optional<bool> b = constantCondition(op->getOperand(1), analysis, depth + 1);
  if (!a || !b)
    return std::nullopt;
  return (*a == *b) == isEqual;
}

/// Lowers a block and returns the tensors that it yields.
FailureOr<SmallVector<Value>> lowerYielding(Lowering &lowering, Block &block) {
  if (failed(lowerBlock(lowering, block)))
    return failure();
  return lowering.operandsOf(block.getTerminator());
}

LogicalResult lowerIf(Lowering &lowering, Operation *op) {
  auto branch = cast<scf::IfOp>(op);
  if (std::optional<bool> condition = constantCondition(branch.getCondition(), lowering.analysis)) {
    Region &taken = *condition ? branch.getThenRegion() : branch.getElseRegion();
    if (taken.empty())
      return success();
    FailureOr<SmallVector<Value>> values = lowerYielding(lowering, taken.front());
    if (failed(values))
      return failure();
    for (auto [result, value] : zip(op->getResults(), *values))
      lowering.set(result, value);
    return success();
  }
  OpBuilder &builder = lowering.builder;
  if (isa<scf::IfOp>(builder.getBlock()->getParentOp()))
    return lowering.unsupported(op, "a branch inside of a branch is not supported",
                                "skip a partition as a whole: one if rblib.partition_skip(index) == False around it");
  Value condition = lowering.get(branch.getCondition());
  if (!condition)
    return failure();
  SmallVector<Type> types;
  for (Value result : op->getResults()) {
    if (isa<tt::PointerType>(getElementTypeOrSelf(result.getType())))
      return lowering.unsupported(op, "a pointer is chosen by a branch",
                                  "advance pointers outside of the if, for skipped partitions too");
    types.push_back(tensorTypeOf(result.getType()));
  }
  Value flag = tensor::ExtractOp::create(builder, lowering.loc, condition, ValueRange());
  auto lowered = scf::IfOp::create(builder, lowering.loc, types, flag, /*addThenBlock=*/true, /*addElseBlock=*/true);
  LogicalResult result = success();
  for (auto [from, to] : {std::pair(&branch.getThenRegion(), &lowered.getThenRegion()),
                          std::pair(&branch.getElseRegion(), &lowered.getElseRegion())}) {
    // Blocks without results may come with their terminator.
    Block &block = to->front();
    block.clear();
    LogicalResult inside = lowering.inRegion(block, [&]() -> LogicalResult {
      SmallVector<Value> values;
      LogicalResult ok = success();
      if (!from->empty()) {
        FailureOr<SmallVector<Value>> yielded = lowerYielding(lowering, from->front());
        ok = yielded;
        if (succeeded(yielded))
          values = std::move(*yielded);
      }
      lowering.loc = op->getLoc();
      scf::YieldOp::create(builder, lowering.loc, values);
      return ok;
    });
    if (failed(inside))
      result = failure();
  }
  if (failed(result))
    return failure();
  for (auto [value, tensor] : zip(op->getResults(), lowered->getResults()))
    lowering.set(value, tensor);
  return success();
}

} // namespace

void addBranchPatterns(PatternTable &table) { table["scf.if"] = lowerIf; }

} // namespace rblnc::lower
