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

/// Which rows an insertion at a computed index may fill; nothing where they cannot be counted.
std::optional<CountedRows> countedRowsOf(tt::CallOp insert, const AddressAnalysis &analysis) {
  const LinearForm *index = insert.getNumOperands() < 3 ? nullptr : analysis.integer(insert.getOperand(2));
  auto data =
      insert.getNumOperands() < 3 ? RankedTensorType() : dyn_cast<RankedTensorType>(insert.getOperand(0).getType());
  int64_t axis = specialisedConstant(insert, "axis").value_or(-1), begin, end;
  if (!index || index->terms.empty() || !data || axis < 0 || axis >= data.getRank() ||
      __builtin_sub_overflow(0, index->constant, &begin) || __builtin_add_overflow(begin, data.getDimSize(axis), &end))
    return std::nullopt;
  return CountedRows{index->terms, begin, end};
}

/// Whether no insertion at an index of the same dynamic ones fills later rows: what is behind the end of this one has
/// no other place.
bool isLastOfRows(tt::CallOp insert, Lowering &lowering) {
  if (!lowering.insertedRows) {
    lowering.insertedRows.emplace();
    insert->getParentOfType<tt::FuncOp>()->walk([&](tt::CallOp call) {
      if (specialisedName(call) == "insert")
        if (std::optional<CountedRows> rows = countedRowsOf(call, lowering.analysis))
          lowering.insertedRows->push_back(*rows);
    });
  }
  std::optional<CountedRows> own = countedRowsOf(insert, lowering.analysis);
  return own && none_of(*lowering.insertedRows, [&](const CountedRows &other) {
           return other.begin >= own->end && sameTerms(other.terms, own->terms);
         });
}

LogicalResult lowerInsert(Lowering &lowering, Operation *op) {
  SpecialisedCall call(lowering, op);
  if (!call.hasOperands())
    return failure();
  int64_t axis = call.constant("axis");
  int64_t partition = call.type(0).getDimSize(axis);
  Value index = call.index(2, partition, /*isLimited=*/false);
  int64_t rows = axis < call.type(1).getRank() ? call.type(1).getDimSize(axis) : 0;
  bool mayLose = rows <= partition && cast<rbln::IndexType>(index.getType()).getMax() > partition - rows;
  // A computed index counts rows across partitions: what is behind the end of one may be inserted into the next.
  if (mayLose && !call.isDerived(2))
    lowering.checkAppend(index, rows, partition, isLastPartition(call.call, lowering), op);
  else if (mayLose && isLastOfRows(call.call, lowering))
    lowering.checkAppend(index, rows, partition, /*isLast=*/true, op);
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
