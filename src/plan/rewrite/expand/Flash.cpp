// Tiles of flash attention, and how they are joined.
#include "Tile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace rblnc::plan {
namespace {

SmallVector<Value> tileOf(OpBuilder &builder, Location loc, Value y, Value previous) {
  Tile parts = tile(builder, loc, y, cast<RankedTensorType>(y.getType()).getRank() - 1, previous);
  return {parts.m, parts.p, parts.s};
}

SmallVector<Value> expandTile(OpBuilder &builder, Operation *op) {
  auto tile = cast<rbln::FlashAttnTileOp>(op);
  return tileOf(builder, op->getLoc(), selectByMask(builder, op->getLoc(), tile.getX(), tile.getMask()),
                tile.getPrevious());
}

SmallVector<Value> expandDynamicTile(OpBuilder &builder, Operation *op) {
  auto tile = cast<rbln::DynamicFlashAttnTileOp>(op);
  return tileOf(builder, op->getLoc(), selectByIndex(builder, op->getLoc(), tile.getX(), tile.getIndex(), isCausal),
                tile.getPrevious());
}

SmallVector<Value> expandRecompute(OpBuilder &builder, Operation *op) {
  auto recompute = cast<rbln::FlashAttnRecomputeOp>(op);
  Location loc = op->getLoc();
  Value a = expOfDifference(builder, loc, recompute.getMPrev(), recompute.getM());
  auto join = [&](Value previous, Value current) {
    auto type = cast<RankedTensorType>(current.getType());
    return rbln::elementwise(builder, loc, type.getShape(), type.getElementType(), {a, previous, current},
                             [](OpBuilder &nested, Location loc, ValueRange elements) -> Value {
                               Value scaled = arith::MulFOp::create(nested, loc, elements[0], elements[1]);
                               return arith::AddFOp::create(nested, loc, scaled, elements[2]);
                             });
  };
  return {join(recompute.getSPrev(), recompute.getSCur()), join(recompute.getOPrev(), recompute.getOCur())};
}

} // namespace

void addFlashExpansions(ExpandTable &table) {
  table[rbln::FlashAttnTileOp::getOperationName()] = expandTile;
  table[rbln::DynamicFlashAttnTileOp::getOperationName()] = expandDynamicTile;
  table[rbln::FlashAttnRecomputeOp::getOperationName()] = expandRecompute;
}

} // namespace rblnc::plan
