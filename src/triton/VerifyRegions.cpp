// Rules of reduce, scan and map_elementwise.
#include "rblnc/triton/Dialect.h"

using namespace mlir;

namespace rblnc::tt {

static RankedTensorType tensorOf(Value value) { return cast<RankedTensorType>(value.getType()); }

static LogicalResult verifySources(Operation *op, OperandRange sources) {
  if (sources.empty())
    return op->emitOpError() << "needs at least one operand";
  ArrayRef<int64_t> shape = tensorOf(sources.front()).getShape();
  for (Value source : sources)
    if (tensorOf(source).getShape() != shape)
      return op->emitOpError() << "operands must have one shape, but are " << sources.front().getType() << " and "
                               << source.getType();
  return success();
}

static LogicalResult verifyAxis(Operation *op, OperandRange sources, int64_t axis) {
  int64_t rank = tensorOf(sources.front()).getRank();
  if (axis < 0 || axis >= rank)
    return op->emitOpError() << "axis must be between 0 and " << rank - 1 << ", but is " << axis;
  return success();
}

/// The region takes `copies` arguments per operand and returns `copiesOut` values per result.
template <typename Terminator>
static LogicalResult verifyRegion(Operation *op, Region &region, ArrayRef<Type> arguments, ArrayRef<Type> results) {
  if (region.empty())
    return op->emitOpError() << "needs a region";
  if (ArrayRef<Type>(llvm::to_vector(region.getArgumentTypes())) != arguments)
    return op->emitOpError() << "region must take (" << arguments << "), but takes (" << region.getArgumentTypes()
                             << ")";
  for (Block &block : region) {
    auto terminator = block.empty() ? Terminator() : dyn_cast<Terminator>(block.back());
    if (!terminator) {
      // A region of one block has to end in its own terminator; others may branch.
      if (region.hasOneBlock())
        return op->emitOpError() << "region must end in " << Terminator::getOperationName();
      continue;
    }
    if (ArrayRef<Type>(llvm::to_vector(terminator.getOperandTypes())) != results)
      return terminator.emitOpError() << "must yield (" << results << "), but yields (" << terminator.getOperandTypes()
                                      << ")";
  }
  return success();
}

static SmallVector<Type> elementTypes(TypeRange types) {
  return llvm::map_to_vector(types, [](Type type) { return getElementTypeOrSelf(type); });
}

// Accumulators first, then values.
static SmallVector<Type> twice(SmallVector<Type> types) {
  size_t count = types.size();
  for (size_t i = 0; i < count; ++i)
    types.push_back(Type(types[i]));
  return types;
}

static SmallVector<Type> repeatEach(ArrayRef<Type> types, int64_t times) {
  SmallVector<Type> repeated;
  for (Type type : types)
    repeated.append(times, type);
  return repeated;
}

LogicalResult ReduceOp::verify() {
  int64_t axis = static_cast<int32_t>(getAxis());
  if (failed(verifySources(*this, getSrcs())) || failed(verifyAxis(*this, getSrcs(), axis)))
    return failure();
  if (getNumResults() != getSrcs().size())
    return emitOpError() << "needs one result per operand, but has " << getNumResults() << " for " << getSrcs().size();
  for (auto [source, result] : llvm::zip_equal(getSrcs(), getResults())) {
    SmallVector<int64_t> shape(tensorOf(source).getShape());
    shape.erase(shape.begin() + axis);
    Type element = tensorOf(source).getElementType();
    Type expected = shape.empty() ? element : RankedTensorType::get(shape, element);
    if (result.getType() != expected)
      return emitOpError() << "result must be " << expected << ", but is " << result.getType();
  }
  return success();
}

LogicalResult ReduceOp::verifyRegions() {
  SmallVector<Type> elements = elementTypes(getOperandTypes());
  return verifyRegion<ReduceReturnOp>(*this, getCombineOp(), twice(elements), elements);
}

LogicalResult ScanOp::verify() {
  if (failed(verifySources(*this, getSrcs())) || failed(verifyAxis(*this, getSrcs(), static_cast<int32_t>(getAxis()))))
    return failure();
  if (getOperandTypes() != getResultTypes())
    return emitOpError() << "results must be typed as the operands, (" << getOperandTypes() << "), but are ("
                         << getResultTypes() << ")";
  return success();
}

LogicalResult ScanOp::verifyRegions() {
  SmallVector<Type> elements = elementTypes(getOperandTypes());
  return verifyRegion<ScanReturnOp>(*this, getCombineOp(), twice(elements), elements);
}

/// More elements at a time than any register holds; also bounds the work of the verifier.
static constexpr int64_t maxPack = 1024;

LogicalResult MapElementwiseOp::verify() {
  if (failed(verifySources(*this, getSrcs())))
    return failure();
  int64_t pack = static_cast<int32_t>(getPack());
  std::optional<int64_t> count = elementCountOf(tensorOf(getSrcs().front()).getShape());
  if (pack < 1 || pack > maxPack || (pack & (pack - 1)) != 0 || !count || *count % pack != 0)
    return emitOpError() << "pack must be a power of two up to " << maxPack
                         << " that divides the number of elements, but is " << pack << " for "
                         << getSrcs().front().getType();
  for (Value result : getResults())
    if (tensorOf(result).getShape() != tensorOf(getSrcs().front()).getShape())
      return emitOpError() << "results must be shaped as the operands, " << getSrcs().front().getType()
                           << ", but one is " << result.getType();
  return success();
}

LogicalResult MapElementwiseOp::verifyRegions() {
  int64_t pack = static_cast<int32_t>(getPack());
  return verifyRegion<MapElementwiseReturnOp>(*this, getScalarOp(), repeatEach(elementTypes(getOperandTypes()), pack),
                                              repeatEach(elementTypes(getResultTypes()), pack));
}

} // namespace rblnc::tt
