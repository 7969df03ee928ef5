// Verifiers of the commands: every access has one stride per dimension of its command's index space.
#include "rblnc/npu/Dialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace rblnc::npu;

#define GET_OP_CLASSES
#include "rblnc/npu/NPUOps.cpp.inc"

static LogicalResult verifyRank(Operation *op, AccessAttr access, size_t rank) {
  if (access.getStrides().size() != rank)
    return op->emitOpError() << "has an access of " << access.getStrides().size() << " strides over " << rank
                             << " dimensions";
  return success();
}

LogicalResult DmaOp::verify() {
  if (failed(verifyRank(*this, getSourceAccess(), getShape().size())) ||
      failed(verifyRank(*this, getDestinationAccess(), getShape().size())))
    return failure();
  Type element = getSourceAccess().getElement();
  if (element != getDestinationAccess().getElement())
    return emitOpError() << "copies " << element << " to " << getDestinationAccess().getElement();
  if (getFill() && getFill()->getType() != element)
    return emitOpError() << "fills with " << getFill()->getType() << " but copies " << element;
  if (getFill() && !isa<FloatAttr, IntegerAttr>(*getFill()))
    return emitOpError() << "fills with something else than a number";
  if (ArrayAttr clips = getClipsAttr())
    for (Attribute clip : clips)
      if (int64_t axis = cast<ClipAttr>(clip).getAxis(); axis >= static_cast<int64_t>(getShape().size()))
        return emitOpError() << "clips axis " << axis << " of rank " << getShape().size();
  return success();
}

LogicalResult MatmulOp::verify() {
  if (getMnk().size() != 3)
    return emitOpError() << "needs m, n and k";
  size_t rank = getBatch().size() + 3;
  if (bool(getC()) != bool(getCAccess()))
    return emitOpError() << "needs c and its access, or neither";
  if (getCAccess() && failed(verifyRank(*this, *getCAccess(), rank)))
    return failure();
  return failure(failed(verifyRank(*this, getAAccess(), rank)) || failed(verifyRank(*this, getBAccess(), rank)) ||
                 failed(verifyRank(*this, getDAccess(), rank)));
}

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
