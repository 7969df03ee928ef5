// Syntax and rules of the dialect's types, and the relations between them that the operations' definitions use.
#include "rblnc/support/Watch.h"
#include "rblnc/triton/Dialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace rblnc::tt {

// ---- !tt.ptr -------------------------------------------------------------------------------------------------------

bool PointerType::pointsToTensor() const { return isa<RankedTensorType>(getPointeeType()); }

Type PointerType::parse(AsmParser &parser) {
  SMLoc location = parser.getCurrentLocation();
  // MLIR's parser asks nobody whether to go on; nearly every line of a kernel has a pointer's type.
  if (wasStopped()) {
    parser.emitError(location, "the parser was stopped");
    return {};
  }
  Type pointee;
  int32_t addressSpace = 1;
  if (parser.parseLess() || parser.parseType(pointee))
    return {};
  if (succeeded(parser.parseOptionalComma()) && parser.parseInteger(addressSpace))
    return {};
  if (parser.parseGreater())
    return {};
  return getChecked([&] { return parser.emitError(location); }, pointee, addressSpace);
}

void PointerType::print(AsmPrinter &printer) const {
  printer << '<' << getPointeeType();
  if (getAddressSpace() != 1)
    printer << ", " << getAddressSpace();
  printer << '>';
}

LogicalResult PointerType::verify(llvm::function_ref<InFlightDiagnostic()> emitError, Type pointee,
                                  int32_t addressSpace) {
  if (addressSpace < 0)
    return emitError() << "address space must not be negative, but is " << addressSpace;
  Type element = pointee;
  if (auto tensor = dyn_cast<RankedTensorType>(pointee)) {
    if (!tensor.hasStaticShape())
      return emitError() << "a pointer's tensor must be statically shaped, but is " << tensor;
    element = tensor.getElementType();
  }
  if (!isa<IntegerType, FloatType, PointerType>(element))
    return emitError() << "a pointer must point to integers, floats, pointers or a ranked tensor of those, not to "
                       << pointee;
  return success();
}

// ---- !tt.tensordesc ------------------------------------------------------------------------------------------------

RankedTensorType TensorDescType::getSignlessBlockType() const {
  RankedTensorType block = getBlockType();
  auto element = dyn_cast<IntegerType>(block.getElementType());
  if (!element || element.isSignless())
    return block;
  return block.clone(IntegerType::get(getContext(), element.getWidth()));
}

Type TensorDescType::parse(AsmParser &parser) {
  SMLoc location = parser.getCurrentLocation();
  SmallVector<int64_t> shape;
  Type type;
  if (parser.parseLess() || parser.parseDimensionList(shape, /*allowDynamic=*/false) || parser.parseType(type) ||
      parser.parseGreater())
    return {};
  // tensordesc<tensor<16x32xf16>> up to 3.7, tensordesc<16x32xf16> after it.
  auto block = dyn_cast<RankedTensorType>(type);
  if (block && !shape.empty())
    return parser.emitError(location, "a descriptor's element type must not be a tensor"), Type();
  if (!block) {
    if (!isa<IntegerType, FloatType>(type))
      return parser.emitError(location, "a descriptor's element type must be an integer or a float, not ") << type,
             Type();
    block = RankedTensorType::get(shape, type);
  }
  return getChecked([&] { return parser.emitError(location); }, block);
}

void TensorDescType::print(AsmPrinter &printer) const { printer << '<' << getBlockType() << '>'; }

LogicalResult TensorDescType::verify(llvm::function_ref<InFlightDiagnostic()> emitError, RankedTensorType block) {
  if (!block.hasStaticShape() || block.getRank() == 0)
    return emitError() << "a descriptor's block must have a static shape of rank 1 or more, but is " << block;
  if (!isa<IntegerType, FloatType>(block.getElementType()))
    return emitError() << "a descriptor's element type must be an integer or a float, not " << block.getElementType();
  return success();
}

// ---- Relations -----------------------------------------------------------------------------------------------------

Type pointeeTypeOf(Type pointerLike) {
  if (auto pointer = dyn_cast<PointerType>(pointerLike))
    return pointer.getPointeeType();
  auto tensor = dyn_cast<RankedTensorType>(pointerLike);
  auto pointer = tensor ? dyn_cast<PointerType>(tensor.getElementType()) : PointerType();
  if (!pointer || pointer.pointsToTensor())
    return {};
  return tensor.clone(pointer.getPointeeType());
}

Type maskTypeOf(Type pointerLike) {
  Type shaped = pointeeTypeOf(pointerLike);
  if (!shaped)
    shaped = pointerLike;
  Type i1 = IntegerType::get(pointerLike.getContext(), 1);
  if (auto tensor = dyn_cast<RankedTensorType>(shaped))
    return tensor.clone(i1);
  return i1;
}

Type elementPointerOf(Type blockType) {
  if (auto pointer = dyn_cast<PointerType>(blockType)) {
    auto tensor = dyn_cast<RankedTensorType>(pointer.getPointeeType());
    return tensor ? PointerType::get(tensor.getElementType(), pointer.getAddressSpace()) : Type();
  }
  if (auto descriptor = dyn_cast<TensorDescType>(blockType))
    return PointerType::get(descriptor.getSignlessBlockType().getElementType());
  return {};
}

std::optional<int64_t> elementCountOf(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t extent : shape)
    if (extent < 0 || llvm::MulOverflow(count, extent, count))
      return std::nullopt;
  return count;
}

} // namespace rblnc::tt
