// rblib's tiles of flash attention.
#include "SpecialisedCall.h"

#include <limits>

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

LogicalResult lowerTile(Lowering &lowering, Operation *op) {
  SpecialisedCall call(lowering, op);
  if (!call.hasOperands())
    return failure();
  return call.finish(rbln::FlashAttnTileOp::create(call.builder, call.loc, call.resultType(0), call.resultType(1),
                                                   call.resultType(2), call.tensor(0), call.tensor(1),
                                                   call.optionalTensor(2)));
}

LogicalResult lowerDynamicTile(Lowering &lowering, Operation *op) {
  SpecialisedCall call(lowering, op);
  if (!call.hasOperands())
    return failure();
  Value index = call.index(1, std::numeric_limits<int32_t>::max(), /*isLimited=*/false);
  return call.finish(rbln::DynamicFlashAttnTileOp::create(call.builder, call.loc, call.resultType(0),
                                                          call.resultType(1), call.resultType(2), call.tensor(0), index,
                                                          call.optionalTensor(2)));
}

LogicalResult lowerRecompute(Lowering &lowering, Operation *op) {
  SpecialisedCall call(lowering, op);
  if (!call.hasOperands())
    return failure();
  return call.finish(rbln::FlashAttnRecomputeOp::create(call.builder, call.loc, call.resultType(0), call.resultType(1),
                                                        call.tensor(0), call.tensor(1), call.tensor(2), call.tensor(3),
                                                        call.tensor(4), call.tensor(5)));
}

} // namespace

void addFlashPatterns(PatternTable &table) {
  table["rblib.flash_attn_tile"] = lowerTile;
  table["rblib.dynamic_flash_attn_tile"] = lowerDynamicTile;
  table["rblib.flash_attn_recompute"] = lowerRecompute;
}

} // namespace rblnc::lower
