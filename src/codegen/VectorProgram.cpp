#include "VectorProgram.h"
#include "Scalars.h"

#include "rblnc/bundle/Ops.h"
#include "rblnc/codegen/Encode.h"
#include "rblnc/ir/Elements.h"

using namespace mlir;

namespace rblnc::codegen {

using Numbers = llvm::DenseMap<Value, int32_t>;

/// The numbers of values; nothing when one has none: a value from outside of the region, or the lower half of a
/// widening product.
static std::optional<std::vector<int32_t>> numbersOf(ValueRange values, const Numbers &numbers) {
  std::vector<int32_t> result;
  for (Value value : values) {
    auto found = numbers.find(value);
    if (found == numbers.end())
      return std::nullopt;
    result.push_back(found->second);
  }
  return result;
}

/// The instruction of a scalar operation whose operands have numbers.
static std::optional<bundle::Instruction> instructionOf(Operation *op, const Numbers &numbers) {
  if (!llvm::all_of(op->getResultTypes(), isElement))
    return std::nullopt;
  std::optional<Opcode> opcode;
  if (auto index = dyn_cast<npu::IndexOp>(op))
    opcode = Opcode{bundle::Op::index, index.getDimension()};
  else
    opcode = opcodeOf(op);
  std::optional<std::vector<int32_t>> given = numbersOf(op->getOperands(), numbers);
  if (!opcode || !given || given->size() > 3)
    return std::nullopt;
  int32_t operands[3] = {-1, -1, -1};
  llvm::copy(*given, operands);
  // The second result of a widening product is its upper half, the only one that is used.
  Value result = op->getResults().back();
  return bundle::Instruction(opcode->op, dtypeOf(result.getType()), operands[0], operands[1], operands[2],
                             opcode->immediate);
}

/// A combiner of one operation on its two arguments in either order, for the operations that the device reduces by.
static std::optional<bundle::Op> simpleCombiner(npu::ReduceOp reduce) {
  Block &block = reduce.getCombiner().front();
  if (reduce.getInputs().size() != 1 || block.getOperations().size() != 2)
    return std::nullopt;
  Operation &op = block.front();
  if (op.getNumOperands() != 2 || op.getNumResults() != 1 || block.getTerminator()->getOperand(0) != op.getResult(0))
    return std::nullopt;
  bool bothArguments = op.getOperand(0) != op.getOperand(1) && isa<BlockArgument>(op.getOperand(0)) &&
                       isa<BlockArgument>(op.getOperand(1));
  std::optional<Opcode> opcode = opcodeOf(&op);
  if (!bothArguments || !opcode || !bundle::canReduce(opcode->op, dtypeOf(op.getResult(0).getType())))
    return std::nullopt;
  return opcode->op;
}

LogicalResult encodeScalars(Block &block, std::vector<bundle::Instruction> &instructions, std::vector<int32_t> &yields,
                            Operation *&unknown) {
  Numbers numbers;
  int32_t next = 0;
  for (BlockArgument argument : block.getArguments())
    numbers[argument] = next++;
  for (Operation &op : block.without_terminator()) {
    auto instruction = instructionOf(&op, numbers);
    if (!instruction) {
      unknown = &op;
      return failure();
    }
    instructions.push_back(*instruction);
    numbers[op.getResults().back()] = next++;
  }
  auto given = numbersOf(block.getTerminator()->getOperands(), numbers);
  if (!given) {
    unknown = block.getTerminator();
    return failure();
  }
  yields = std::move(*given);
  return success();
}

static LogicalResult encodeReduction(npu::ReduceOp reduce, const Numbers &numbers, bundle::ReductionT &encoded,
                                     Operation *&unknown) {
  auto operands = numbersOf(reduce.getInputs(), numbers);
  if (!operands) {
    unknown = reduce;
    return failure();
  }
  encoded.operands = std::move(*operands);
  if (auto op = simpleCombiner(reduce)) {
    encoded.simple = true;
    encoded.op = *op;
    return success();
  }
  encoded.simple = false;
  return encodeScalars(reduce.getCombiner().front(), encoded.combiner, encoded.yields, unknown);
}

LogicalResult encodeSteps(npu::VectorOp op, bundle::VectorT &vector, Operation *&unknown) {
  Block &block = op.getBody().front();
  Numbers numbers;
  int32_t next = 0;
  for (BlockArgument argument : block.getArguments())
    numbers[argument] = next++;
  for (Operation &inside : block.without_terminator()) {
    auto step = std::make_unique<bundle::VectorStepT>();
    if (auto reduce = dyn_cast<npu::ReduceOp>(inside)) {
      step->reduction = std::make_unique<bundle::ReductionT>();
      if (failed(encodeReduction(reduce, numbers, *step->reduction, unknown)))
        return failure();
      for (Value result : reduce.getResults())
        numbers[result] = next++;
    } else {
      auto instruction = instructionOf(&inside, numbers);
      if (!instruction) {
        unknown = &inside;
        return failure();
      }
      step->instruction = std::make_unique<bundle::Instruction>(*instruction);
      numbers[inside.getResults().back()] = next++;
    }
    vector.steps.push_back(std::move(step));
  }
  auto yields = numbersOf(block.getTerminator()->getOperands(), numbers);
  if (!yields) {
    unknown = block.getTerminator();
    return failure();
  }
  for (int32_t value : *yields) {
    vector.outputs.push_back(std::make_unique<bundle::VectorOutputT>());
    vector.outputs.back()->value = value;
  }
  return success();
}

} // namespace rblnc::codegen
