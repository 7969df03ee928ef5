// Matrix products.
#include "Verify.h"

using namespace mlir;

namespace rblnc::npu {

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

llvm::SmallVector<Touch, 4> MatmulOp::getTouches() {
  llvm::SmallVector<int64_t, 4> space(getBatch());
  llvm::append_range(space, getMnk());
  llvm::SmallVector<Touch, 4> touches{{getA(), getAAccess(), space, false, {}},
                                      {getB(), getBAccess(), space, false, {}}};
  if (getC())
    touches.push_back({getC(), *getCAccess(), space, false, {}});
  touches.push_back({getD(), getDAccess(), space, true, {}});
  return touches;
}

void MatmulOp::setAccess(unsigned operand, AccessAttr access) {
  if (operand == 0)
    setAAccessAttr(access);
  else if (operand == 1)
    setBAccessAttr(access);
  else if (operand == 2 && getC())
    setCAccessAttr(access);
  else
    setDAccessAttr(access);
}

CommandCost MatmulOp::getCost(const CostModel &model, double dramBytes, double sharedBytes) {
  double operations = 2;
  for (ArrayRef<int64_t> extents : {getBatch(), getMnk()})
    for (int64_t extent : extents)
      operations *= static_cast<double>(extent);
  Type element = getAAccess().getElement();
  return model.product(operations, model.productRate(element.getIntOrFloatBitWidth(), isa<FloatType>(element)),
                       dramBytes, sharedBytes);
}

} // namespace rblnc::npu
