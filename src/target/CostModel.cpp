#include "rblnc/target/CostModel.h"

#include <algorithm>

namespace rblnc {

CostModel::CostModel(const Target &target)
    : engines(std::max<uint32_t>(target.engines, 1)), dramBytesPerSecond(target.dramBytesPerSecond),
      sharedBytesPerSecond(target.sharedBytesPerSecond), transferSetupSeconds(target.dmaSetupSeconds),
      productSetupSeconds(target.matmulSetupSeconds), vectorSetupSeconds(target.vectorSetupSeconds),
      synchronizationSeconds(target.syncSeconds), vectorOperationsPerSecond(target.vectorOpsPerSecond),
      f16Rate(target.matmulFlopsPerSecond), f32Rate(target.matmulFlopsPerSecond * target.matmulF32Ratio),
      i8Rate(target.matmulFlopsPerSecond * target.matmulI8Ratio) {}

double CostModel::productRate(unsigned operandBits, bool isFloat) const {
  if (isFloat && operandBits == 16)
    return f16Rate;
  return !isFloat && operandBits == 8 ? i8Rate : f32Rate;
}

double CostModel::bytesOfSetup() const { return transferSetupSeconds * dramBytesPerSecond / engines; }

} // namespace rblnc
