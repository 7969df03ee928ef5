// Transfers of rows whose numbers stand in memory.
#include "Verify.h"

using namespace mlir;

namespace rblnc::npu {

/// Whether a dimension is one of a row: the indices do not move along it.
static bool isOfRow(IndexedDmaOp op, size_t dimension) {
  return dimension != op.getAxis() &&
         (op.getShape()[dimension] <= 1 || op.getIndicesAccess().getStrides()[dimension] == 0);
}

static LogicalResult verifyRows(IndexedDmaOp op) {
  if (op.getAxis() >= op.getShape().size())
    return op.emitOpError() << "has rows along axis " << op.getAxis() << " of rank " << op.getShape().size();
  if (AccessAttr mask = op.getMaskAccess().value_or(AccessAttr()))
    for (auto [dimension, stride] : llvm::enumerate(mask.getStrides()))
      if (stride != 0 && op.getShape()[dimension] > 1 && isOfRow(op, dimension))
        return op.emitOpError() << "has a mask that moves along dimension " << dimension
                                << ", where its indices do not";
  if (ArrayAttr clips = op.getClipsAttr())
    for (auto clip : clips.getAsRange<ClipAttr>())
      if (!isOfRow(op, static_cast<size_t>(clip.getAxis())))
        return op.emitOpError() << "clips axis " << clip.getAxis() << ", where its indices move: mask them";
  return success();
}

LogicalResult IndexedDmaOp::verify() {
  size_t rank = getShape().size();
  if (bool(getMask()) != bool(getMaskAccess()))
    return emitOpError() << "needs a mask and its access, or neither";
  for (AccessAttr access :
       {getSourceAccess(), getDestinationAccess(), getIndicesAccess(), getMaskAccess().value_or(getIndicesAccess())})
    if (failed(verifyRank(*this, access, rank)))
      return failure();
  Type element = getSourceAccess().getElement();
  if (element != getDestinationAccess().getElement())
    return emitOpError() << "copies " << element << " to " << getDestinationAccess().getElement();
  if (Type index = getIndicesAccess().getElement(); !index.isInteger(32) && !index.isInteger(64))
    return emitOpError() << "has indices of " << index << ", and they are i32 or i64";
  if (getMaskAccess() && !getMaskAccess()->getElement().isInteger(1))
    return emitOpError() << "has a mask of " << getMaskAccess()->getElement() << ", and it is of i1";
  for (Value memory : {getIndices(), getMask()})
    if (memory && !memory.getDefiningOp<BufferOp>())
      return emitOpError() << "has indices or a mask in an array: load them into a buffer first";
  if (getFill() && getIndexing() == Indexing::Scatter)
    return emitOpError() << "has a fill, and rows that are not scattered have no place to fill";
  return failure(failed(verifyFill(*this, getFill(), element)) || failed(verifyClips(*this, getClipsAttr(), rank)) ||
                 failed(verifyRows(*this)));
}

llvm::SmallVector<Touch, 4> IndexedDmaOp::getTouches() {
  llvm::SmallVector<int64_t, 4> shape(getShape()), all = shape;
  // Which rows is known when they are moved.
  all[getAxis()] = static_cast<int64_t>(getRows());
  __int128 moved = 1;
  for (int64_t extent : shape)
    moved = std::min<__int128>(moved * extent, INT64_MAX);
  auto most = static_cast<int64_t>(moved);
  bool gathers = getIndexing() == Indexing::Gather;
  llvm::SmallVector<Touch, 4> touches;
  touches.push_back({getSource(), getSourceAccess(), gathers ? all : shape, false, getClipsAttr(), most});
  touches.push_back({getIndices(), getIndicesAccess(), shape, false, {}});
  if (getMask())
    touches.push_back({getMask(), *getMaskAccess(), shape, false, {}});
  touches.push_back({getDestination(), getDestinationAccess(), gathers ? shape : all, true,
                     getFill() ? ArrayAttr() : getClipsAttr(), most});
  return touches;
}

void IndexedDmaOp::setAccess(unsigned operand, AccessAttr access) {
  if (operand == 0)
    setSourceAccessAttr(access);
  else if (operand == 1)
    setIndicesAccessAttr(access);
  else if (operand == 2 && getMask())
    setMaskAccessAttr(access);
  else
    setDestinationAccessAttr(access);
}

llvm::SmallVector<int64_t, 2> IndexedDmaOp::getOtherRegisters() { return registersOf(getClipsAttr()); }

CommandCost IndexedDmaOp::getCost(const CostModel &model, double dramBytes, double sharedBytes) {
  double rows = 1;
  for (auto [dimension, extent] : llvm::enumerate(getShape()))
    rows *= isOfRow(*this, dimension) ? 1 : static_cast<double>(extent);
  return model.indexedTransfer(rows, dramBytes, sharedBytes);
}

} // namespace rblnc::npu
