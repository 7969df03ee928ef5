// Transfers.
#include "Verify.h"

using namespace mlir;

namespace rblnc::npu {

LogicalResult DmaOp::verify() {
  if (failed(verifyRank(*this, getSourceAccess(), getShape().size())) ||
      failed(verifyRank(*this, getDestinationAccess(), getShape().size())))
    return failure();
  Type element = getSourceAccess().getElement();
  if (element != getDestinationAccess().getElement())
    return emitOpError() << "copies " << element << " to " << getDestinationAccess().getElement();
  return failure(failed(verifyFill(*this, getFill(), element)) ||
                 failed(verifyClips(*this, getClipsAttr(), getShape().size())));
}

llvm::SmallVector<Touch, 4> DmaOp::getTouches() {
  llvm::SmallVector<int64_t, 4> shape(getShape());
  // With a fill value, what lies outside of the clips is written as well.
  return {{getSource(), getSourceAccess(), shape, false, getClipsAttr()},
          {getDestination(), getDestinationAccess(), shape, true, getFill() ? ArrayAttr() : getClipsAttr()}};
}

void DmaOp::setAccess(unsigned operand, AccessAttr access) {
  if (operand == 0)
    setSourceAccessAttr(access);
  else
    setDestinationAccessAttr(access);
}

llvm::SmallVector<int64_t, 2> DmaOp::getOtherRegisters() { return registersOf(getClipsAttr()); }

CommandCost DmaOp::getCost(const CostModel &model, double dramBytes, double sharedBytes) {
  return model.transfer(dramBytes, sharedBytes);
}

} // namespace rblnc::npu
