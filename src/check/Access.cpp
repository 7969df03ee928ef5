#include "Access.h"

#include "rblnc/triton/Dialect.h"

#include "Describe.h"

namespace rblnc::rules {

llvm::ArrayRef<int64_t> Access::shape() const {
  if (auto tensor = mlir::dyn_cast<mlir::RankedTensorType>(type))
    return tensor.getShape();
  return {};
}

mlir::Type Access::elementType() const {
  if (auto tensor = mlir::dyn_cast<mlir::RankedTensorType>(type))
    return tensor.getElementType();
  return type;
}

bool Access::isOneElement() const {
  return llvm::all_of(shape(), [](int64_t extent) { return extent == 1; });
}

std::string Access::subject() const { return (isStore ? "store " : "load ") + arrayText(); }

std::string Access::arrayText() const {
  mlir::BlockArgument base = baseOf(pointer);
  return base ? argumentText(base) : "the array";
}

Access accessOf(mlir::Operation *op, const Facts &facts) {
  Access access{};
  access.op = op;
  if (auto load = mlir::dyn_cast<tt::LoadOp>(op)) {
    access.pointer = load.getPtr();
    access.type = load.getType();
    access.mask = load.getMask();
    access.boundaryCheck = load.getBoundaryCheck();
  } else {
    auto store = mlir::cast<tt::StoreOp>(op);
    access.isStore = true;
    access.pointer = store.getPtr();
    access.stored = store.getValue();
    access.type = access.stored.getType();
    access.mask = store.getMask();
    access.boundaryCheck = store.getBoundaryCheck();
  }
  auto pointerType = mlir::dyn_cast<tt::PointerType>(access.pointer.getType());
  if (pointerType)
    access.form = pointerType.pointsToTensor() ? PointerForm::Block : PointerForm::Number;
  else
    access.form = facts.isRewrittenBlockPointer(access.pointer) ? PointerForm::RewrittenBlock : PointerForm::Pointers;
  return access;
}

mlir::BlockArgument baseOf(mlir::Value pointer) {
  while (mlir::Operation *op = pointer.getDefiningOp()) {
    // The pointer is the first operand of each of these.
    if (!mlir::isa<tt::AddPtrOp, tt::SplatOp, tt::BroadcastOp, tt::ExpandDimsOp, tt::ReshapeOp, tt::TransOp,
                   tt::BitcastOp, tt::AdvanceOp, tt::MakeTensorPtrOp>(op))
      return {};
    pointer = op->getOperand(0);
  }
  auto argument = mlir::cast<mlir::BlockArgument>(pointer);
  return isKernelArgument(argument) ? argument : mlir::BlockArgument();
}

} // namespace rblnc::rules
