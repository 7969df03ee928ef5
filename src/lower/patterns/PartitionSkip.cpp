// rblib.partition_skip: the rule over the index of this partition and of the one before it.
#include "PartitionSkip.h"

#include "Report.h"
#include "SpecialisedCall.h"

#include "llvm/ADT/SetVector.h"

#include <limits>

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {

std::optional<int64_t> partitionOf(tt::CallOp skip, const AddressAnalysis &analysis) {
  std::optional<DynamicIndex> index = analysis.dynamicIndex(skip.getOperand(0));
  if (!index || index->added != 0)
    return std::nullopt;
  const BlockPointer *pointer = analysis.blockPointer(index->call.getOperand(0));
  if (!pointer || pointer->offsets.empty() || !pointer->offsets.back().isConstant())
    return std::nullopt;
  return pointer->offsets.back().constant;
}

namespace {

std::optional<unsigned> arrayOf(tt::CallOp toIndex, const AddressAnalysis &analysis) {
  const BlockPointer *pointer = analysis.blockPointer(toIndex.getOperand(0));
  return pointer ? std::optional(pointer->argument) : std::nullopt;
}

std::map<unsigned, SmallSetVector<int64_t, 2>> countExtents(Operation *kernel, const AddressAnalysis &analysis) {
  std::map<unsigned, SmallSetVector<int64_t, 2>> extents;
  kernel->walk([&](tt::CallOp call) {
    StringRef name = specialisedName(call);
    if (name != "dynamic_load" && name != "dynamic_store" && name != "insert")
      return;
    unsigned position = name == "dynamic_load" ? 1 : 2;
    if (position >= call.getNumOperands())
      return;
    std::optional<DynamicIndex> index = analysis.dynamicIndex(call.getOperand(position));
    std::optional<int64_t> axis = specialisedConstant(call, "axis");
    if (!index || index->added != 0 || !axis)
      return;
    std::optional<unsigned> argument = arrayOf(index->call, analysis);
    if (!argument)
      return;
    Type block = call.getOperand(0).getType();
    if (auto pointer = dyn_cast<tt::PointerType>(block))
      block = pointer.getPointeeType();
    extents[*argument].insert(cast<RankedTensorType>(block).getDimSize(*axis));
  });
  return extents;
}

LogicalResult lowerPartitionSkip(Lowering &lowering, Operation *op) {
  SpecialisedCall call(lowering, op);
  std::optional<int64_t> partition = partitionOf(call.call, lowering.analysis);
  if (!partition)
    return lowering.fail(errorAt(Code::C011, op,
                                 "the index of rblib.partition_skip does not come straight from "
                                 "rblib.to_dynamic_index of a partition that is known",
                                 "pass the result of rblib.to_dynamic_index as it is, read through a block pointer "
                                 "whose offsets are constants"));
  OpBuilder &builder = call.builder;
  auto type = RankedTensorType::get({}, builder.getI1Type());
  if (*partition == 0) {
    lowering.set(op->getResult(0), lowering.constant(type, builder.getBoolAttr(false)));
    return success();
  }
  if (!call.hasOperands())
    return failure();
  DynamicIndex index = *lowering.analysis.dynamicIndex(call.call.getOperand(0));
  const Access &access = lowering.accesses.find(index.call)->second;
  int64_t rows = specialisedConstant(index.call, "max").value_or(-1);
  if (rows < 0) {
    if (!lowering.countedExtents)
      lowering.countedExtents = countExtents(op->getParentOfType<tt::FuncOp>(), lowering.analysis);
    const SmallSetVector<int64_t, 2> &extents = (*lowering.countedExtents)[access.argument];
    if (extents.size() != 1)
      return lowering.fail(errorAt(Code::C011, op,
                                   extents.empty()
                                       ? "the rows of a partition are not known: no block is loaded, stored "
                                         "or inserted into with an index of '" +
                                             lowering.arguments[access.argument].name + "'"
                                       : "indices of '" + lowering.arguments[access.argument].name +
                                             "' count rows of blocks with different extents",
                                   "pass max=PARTITION_SIZE to rblib.to_dynamic_index"));
    rows = extents.front();
  }
  Value current = call.index(0, std::numeric_limits<int32_t>::max(), /*isLimited=*/false);
  Value previous;
  if (!lowering.options.naivePartitionSkip) {
    Access before = access;
    before.axes.back().offset.constant -= 1;
    int64_t offset = before.base.constant;
    for (const AccessAxis &axis : before.axes) {
      int64_t part;
      if (!axis.offset.isConstant() || __builtin_mul_overflow(axis.offset.constant, axis.stride, &part) ||
          __builtin_add_overflow(offset, part, &offset))
        return lowering.fail(errorAt(Code::C011, op, "the place of the partition before this one is not known",
                                     "read indices through block pointers whose offsets are constants"));
    }
    previous = rbln::LoadOp::create(builder, call.loc, RankedTensorType::get({}, access.element),
                                    lowering.arrays[access.argument], ValueRange(), ValueRange(), offset,
                                    ArrayRef<int64_t>(), ArrayRef<int64_t>(), ArrayAttr(), TypedAttr());
  }
  return call.finish(rbln::PartitionSkipOp::create(builder, call.loc, type, current, previous, rows));
}

} // namespace

void addPartitionSkipPattern(PatternTable &table) { table["rblib.partition_skip"] = lowerPartitionSkip; }

} // namespace rblnc::lower
