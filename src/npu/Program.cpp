// Verifiers of programs, the memories that they declare, and reductions: what encoding relies on.
#include "rblnc/ir/Elements.h"
#include "rblnc/npu/Dialect.h"
#include "rblnc/support/CheckedMath.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace rblnc::npu;

LogicalResult ProgramOp::verifyRegions() {
  Block &block = getBody().front();
  if (block.getNumArguments() != 0)
    return emitOpError() << "region takes " << block.getNumArguments()
                         << " values, but what a program works on is declared in it";
  for (Operation &inside : block)
    if (!isa<ArgumentOp, ConstantOp, BufferOp, BranchOp, JoinOp, CommandInterface>(inside))
      return inside.emitOpError() << "is no memory and no command";
  return success();
}

LogicalResult ArgumentOp::verify() {
  if (!isElement(getElement()))
    return emitOpError() << "has elements of " << getElement() << ", which no memory holds";
  if (!llvm::is_contained({"in", "out", "inout"}, getDirection()))
    return emitOpError() << "has the direction '" << getDirection() << "', but there are in, out and inout";
  std::optional<int64_t> count = rblnc::elementCount(getShape());
  if (!count || *count > maxElements)
    return emitOpError() << "has a negative extent, or more than 2^58 elements";
  if (getScalar() && !getShape().empty())
    return emitOpError() << "is a scalar of rank " << getShape().size();
  return success();
}

LogicalResult ConstantOp::verify() {
  auto dense = dyn_cast<DenseIntOrFPElementsAttr>(getValue());
  if (!dense || !isElement(dense.getElementType()))
    return emitOpError() << "is not dense data of a type that memories hold";
  if (std::optional<int64_t> count = rblnc::elementCount(dense.getType().getShape()); !count || *count > maxElements)
    return emitOpError() << "has more than 2^58 elements";
  return success();
}

LogicalResult ReduceOp::verifyRegions() {
  size_t count = getInputs().size();
  if (count == 0)
    return emitOpError() << "reduces nothing";
  if (getResultTypes() != getInputs().getTypes())
    return emitOpError() << "has results of other types than its inputs";
  Block &block = getCombiner().front();
  if (block.getNumArguments() != 2 * count)
    return emitOpError() << "combiner needs " << 2 * count << " arguments, not " << block.getNumArguments();
  for (BlockArgument argument : block.getArguments())
    if (argument.getType() != getInputs()[argument.getArgNumber() % count].getType())
      return emitOpError() << "combines " << getInputs()[argument.getArgNumber() % count].getType() << " as "
                           << argument.getType();
  auto yield = dyn_cast<YieldOp>(block.back());
  if (!yield || yield.getValues().getTypes() != getResultTypes())
    return emitOpError() << "combiner must yield its results";
  return success();
}
