// rblib operations on blocks of a cache.
#include "SpecialisedCall.h"

#include <algorithm>
#include <bit>

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

/// Where the number of a partition's rows is read that `insert` goes by; nothing where that is not known.
std::optional<PartitionPlace> placeOf(tt::CallOp insert, const AddressAnalysis &analysis) {
  if (insert.getNumOperands() < 3)
    return std::nullopt;
  std::optional<DynamicIndex> index = analysis.dynamicIndex(insert.getOperand(2));
  const BlockPointer *pointer = index && index->added == 0 ? analysis.blockPointer(index->call.getOperand(0)) : nullptr;
  if (!pointer || pointer->offsets.empty() || !pointer->offsets.back().isConstant())
    return std::nullopt;
  PartitionPlace place{pointer->argument, {pointer->base}, pointer->offsets.back().constant};
  llvm::append_range(place.row, ArrayRef(pointer->offsets).drop_back());
  return place;
}

/// Whether rows are inserted into no later partition of the same row of an array.
bool isLastPartition(tt::CallOp insert, Lowering &lowering) {
  if (!lowering.insertedPartitions) {
    lowering.insertedPartitions.emplace();
    insert->getParentOfType<tt::FuncOp>()->walk([&](tt::CallOp call) {
      if (specialisedName(call) == "insert")
        if (std::optional<PartitionPlace> place = placeOf(call, lowering.analysis))
          lowering.insertedPartitions->push_back(*place);
    });
  }
  std::optional<PartitionPlace> place = placeOf(insert, lowering.analysis);
  return place && none_of(*lowering.insertedPartitions, [&](const PartitionPlace &other) {
           return other.isInRowOf(*place) && other.partition > place->partition;
         });
}

LogicalResult lowerInsert(Lowering &lowering, Operation *op) {
  SpecialisedCall call(lowering, op);
  if (!call.hasOperands())
    return failure();
  int64_t axis = call.constant("axis");
  int64_t partition = call.type(0).getDimSize(axis);
  Value index = call.index(2, partition, /*isLimited=*/false);
  // What was computed from an index may lie anywhere: it need not be the number of a partition's rows.
  int64_t rows = axis < call.type(1).getRank() ? call.type(1).getDimSize(axis) : 0;
  bool mayLose = rows <= partition && cast<rbln::IndexType>(index.getType()).getMax() > partition - rows;
  if (mayLose && !call.isDerived(2))
    lowering.checkAppend(index, rows, partition, isLastPartition(call.call, lowering), op);
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

bool PartitionPlace::isInRowOf(const PartitionPlace &other) const {
  auto isSame = [](const LinearForm &a, const LinearForm &b) {
    std::optional<LinearForm> difference = subtract(a, b);
    return difference && difference->isConstant() && difference->constant == 0;
  };
  return argument == other.argument && std::equal(row.begin(), row.end(), other.row.begin(), other.row.end(), isSame);
}

void addCachePatterns(PatternTable &table) {
  table["rblib.insert"] = lowerInsert;
  table["rblib.window_insert"] = lowerWindowInsert;
  table["rblib.window_slice"] = lowerWindowSlice;
  table["rblib.nn_pad"] = lowerPad;
}

} // namespace rblnc::lower
