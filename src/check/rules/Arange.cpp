// RBLN-W010: tl.arange as data. As an offset in pointer arithmetic it falls under W018.
#include "rblnc/triton/Dialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/SmallPtrSet.h"

#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {
namespace {

/// Operations that only pass offsets and masks on.
bool passesOn(mlir::Operation *op) {
  namespace arith = mlir::arith;
  return mlir::isa<arith::AddIOp, arith::SubIOp, arith::MulIOp, arith::DivSIOp, arith::DivUIOp, arith::RemSIOp,
                   arith::RemUIOp, arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp, arith::CmpIOp, arith::AndIOp,
                   arith::OrIOp, tt::BroadcastOp, tt::ExpandDimsOp, tt::ReshapeOp, tt::TransOp>(op);
}

/// Uses as an offset, as a mask, or as the places that tl.argmax keeps: not as data.
bool isNoData(mlir::OpOperand &use) {
  mlir::Operation *user = use.getOwner();
  if (auto store = mlir::dyn_cast<tt::StoreOp>(user))
    return use.get() != store.getValue();
  if (mlir::isa<tt::ReduceOp>(user))
    return use.getOperandNumber() != 0;
  return mlir::isa<tt::AddPtrOp, tt::LoadOp>(user);
}

/// The first operation of the program that takes the numbers as data; null when none does.
mlir::Operation *firstUseAsData(mlir::Value range) {
  llvm::SmallPtrSet<mlir::Operation *, 16> seen;
  llvm::SmallVector<mlir::Value> work{range};
  mlir::Operation *first = nullptr;
  while (!work.empty()) {
    mlir::Value value = work.pop_back_val();
    for (mlir::OpOperand &use : value.getUses()) {
      mlir::Operation *user = use.getOwner();
      if (isNoData(use) || !seen.insert(user).second)
        continue;
      if (passesOn(user))
        work.append(user->result_begin(), user->result_end());
      else if (!first || (first->getBlock() == user->getBlock() && user->isBeforeInBlock(first)))
        first = user;
    }
  }
  return first;
}

} // namespace

void arange(mlir::Operation *op, Context &context) {
  auto range = mlir::cast<tt::MakeRangeOp>(op);
  // Equal ranges are one operation by now, so its own place may be that of a pointer; the use tells where it is data.
  mlir::Operation *use = firstUseAsData(range.getResult());
  if (!use)
    return;
  std::string call = "tl.arange(" + std::to_string(range.getStart()) + ", " + std::to_string(range.getEnd()) + ")";
  context.report(use, {call + " is used as data; the vendor's compiler refuses it",
                       "pass the numbers as a float32 tensor and load them",
                       "arange",
                       {}});
}

} // namespace rblnc::rules
