// Loads of registers.
#include "Verify.h"

using namespace mlir;

namespace rblnc::npu {

llvm::SmallVector<Touch, 4> LoadScalarOp::getTouches() {
  // One element: it has index 0 in whatever dimensions the access has.
  llvm::SmallVector<int64_t, 4> one(getSourceAccess().getStrides().size(), 1);
  return {{getSource(), getSourceAccess(), one, false, {}}};
}

void LoadScalarOp::setAccess(unsigned operand, AccessAttr access) { setSourceAccessAttr(access); }

llvm::SmallVector<int64_t, 2> LoadScalarOp::getOtherRegisters() {
  llvm::SmallVector<int64_t, 2> registers;
  if (ArrayAttr checks = getChecksAttr())
    for (auto check : checks.getAsRange<OverflowAttr>()) {
      llvm::append_range(registers, check.getRegisters());
      llvm::copy_if(check.getUnless(), std::back_inserter(registers),
                    [&](int64_t reg) { return reg != getLoadedRegister(); });
    }
  return registers;
}

int64_t LoadScalarOp::getLoadedRegister() { return static_cast<int64_t>(getReg()); }

} // namespace rblnc::npu
