// rblib's softmax operations.
#include "SpecialisedCall.h"

#include <limits>

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

LogicalResult lowerSoftmax(Lowering &lowering, Operation *op) {
  SpecialisedCall call(lowering, op);
  if (!call.hasOperands())
    return failure();
  return call.finish(
      rbln::SoftmaxOp::create(call.builder, call.loc, call.tensor(0).getType(), call.tensor(0), call.constant("axis")));
}

LogicalResult lowerMaskedSoftmax(Lowering &lowering, Operation *op) {
  SpecialisedCall call(lowering, op);
  if (!call.hasOperands())
    return failure();
  return call.finish(
      rbln::MaskedSoftmaxOp::create(call.builder, call.loc, call.tensor(0).getType(), call.tensor(0), call.tensor(1)));
}

LogicalResult lowerDynamicMaskedSoftmax(Lowering &lowering, Operation *op) {
  SpecialisedCall call(lowering, op);
  if (!call.hasOperands())
    return failure();
  Value index = call.index(1, std::numeric_limits<int32_t>::max(), /*isLimited=*/false);
  return call.finish(
      rbln::DynamicMaskedSoftmaxOp::create(call.builder, call.loc, call.tensor(0).getType(), call.tensor(0), index));
}

LogicalResult lowerWindowSoftmax(Lowering &lowering, Operation *op) {
  SpecialisedCall call(lowering, op);
  if (!call.hasOperands())
    return failure();
  Value start = call.index(1, std::numeric_limits<int32_t>::max(), /*isLimited=*/false);
  return call.finish(rbln::WindowSoftmaxOp::create(call.builder, call.loc, call.tensor(0).getType(), call.tensor(0),
                                                   start, call.constant("window_size")));
}

} // namespace

void addSoftmaxPatterns(PatternTable &table) {
  table["rblib.softmax"] = lowerSoftmax;
  table["rblib.masked_softmax"] = lowerMaskedSoftmax;
  table["rblib.dynamic_masked_softmax"] = lowerDynamicMaskedSoftmax;
  table["rblib.window_softmax"] = lowerWindowSoftmax;
}

} // namespace rblnc::lower
