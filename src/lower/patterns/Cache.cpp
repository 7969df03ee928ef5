// rblib operations on blocks of a cache.
#include "SpecialisedCall.h"

#include <bit>

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

LogicalResult lowerInsert(Lowering &lowering, Operation *op) {
  SpecialisedCall call(lowering, op);
  if (!call.hasOperands())
    return failure();
  int64_t axis = call.constant("axis");
  Value index = call.index(2, call.type(0).getDimSize(axis), /*isLimited=*/false);
  return call.finish(rbln::InsertOp::create(call.builder, call.loc, call.tensor(0).getType(), call.tensor(0),
                                            call.tensor(1), index, axis));
}

LogicalResult lowerWindowInsert(Lowering &lowering, Operation *op) {
  SpecialisedCall call(lowering, op);
  if (!call.hasOperands())
    return failure();
  int64_t axis = call.constant("axis");
  Value index = call.index(2, call.type(0).getDimSize(axis), /*isLimited=*/true);
  return call.finish(rbln::WindowInsertOp::create(call.builder, call.loc, call.resultType(), call.tensor(0),
                                                  call.tensor(1), index, axis));
}

LogicalResult lowerWindowSlice(Lowering &lowering, Operation *op) {
  SpecialisedCall call(lowering, op);
  if (!call.hasOperands())
    return failure();
  int64_t axis = call.constant("axis"), size = call.constant("size");
  Value end = call.index(1, call.type(0).getDimSize(axis), /*isLimited=*/true);
  SmallVector<int64_t> shape(call.type(0).getShape());
  shape[axis] = size;
  auto type = RankedTensorType::get(shape, call.type(0).getElementType());
  return call.finish(rbln::WindowSliceOp::create(call.builder, call.loc, type, call.tensor(0), end, axis));
}

LogicalResult lowerPad(Lowering &lowering, Operation *op) {
  SpecialisedCall call(lowering, op);
  if (!call.hasOperands())
    return failure();
  RankedTensorType type = call.type(0);
  auto element = dyn_cast<FloatType>(type.getElementType());
  if (!element)
    return lowering.unsupported(op, "rblib.nn_pad pads floats only", "convert the block to float32 first");
  // The value is a float32; a narrower type rounds it.
  APFloat value(std::bit_cast<float>(static_cast<int32_t>(call.constant("value_bits"))));
  bool losesInfo;
  value.convert(element.getFloatSemantics(), APFloat::rmNearestTiesToEven, &losesInfo);
  int64_t axis = call.constant("axis"), low = call.constant("low");
  SmallVector<int64_t> shape(type.getShape());
  shape[axis] += low + call.constant("high");
  return call.finish(rbln::PadOp::create(call.builder, call.loc, RankedTensorType::get(shape, element), call.tensor(0),
                                         low, axis, FloatAttr::get(element, value)));
}

} // namespace

void addCachePatterns(PatternTable &table) {
  table["rblib.insert"] = lowerInsert;
  table["rblib.window_insert"] = lowerWindowInsert;
  table["rblib.window_slice"] = lowerWindowSlice;
  table["rblib.nn_pad"] = lowerPad;
}

} // namespace rblnc::lower
