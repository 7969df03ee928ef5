#include "Verify.h"

using namespace mlir;

namespace rblnc::npu {

LogicalResult verifyRank(Operation *op, AccessAttr access, size_t rank) {
  if (access.getStrides().size() != rank)
    return op->emitOpError() << "has an access of " << access.getStrides().size() << " strides over " << rank
                             << " dimensions";
  return success();
}

LogicalResult verifyClips(Operation *op, ArrayAttr clips, size_t rank) {
  if (clips)
    for (auto clip : clips.getAsRange<ClipAttr>())
      if (int64_t axis = clip.getAxis(); axis >= static_cast<int64_t>(rank))
        return op->emitOpError() << "clips axis " << axis << " of rank " << rank;
  return success();
}

LogicalResult verifyFill(Operation *op, std::optional<TypedAttr> fill, Type element) {
  if (fill && fill->getType() != element)
    return op->emitOpError() << "fills with " << fill->getType() << " but copies " << element;
  if (fill && !isa<FloatAttr, IntegerAttr>(*fill))
    return op->emitOpError() << "fills with something else than a number";
  return success();
}

llvm::SmallVector<int64_t, 2> registersOf(ArrayAttr clips) {
  llvm::SmallVector<int64_t, 2> registers;
  if (clips)
    for (auto clip : clips.getAsRange<ClipAttr>())
      if (clip.getReg() >= 0)
        registers.push_back(clip.getReg());
  return registers;
}

} // namespace rblnc::npu
