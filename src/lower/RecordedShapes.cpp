// Kernels declare block pointers whose strides are not those of the tensors they get, and rely on the device going by
// the tensor.
#include "RecordedShapes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {

static constexpr StringLiteral shapePrefix = "rblib.shape.";
static constexpr StringLiteral stridesPrefix = "rblib.strides.";

/// The argument that an attribute is about, if it is one of the record.
static std::optional<unsigned> recordedArgument(NamedAttribute attribute, StringRef prefix, tt::FuncOp kernel) {
  StringRef name = attribute.getName().strref();
  unsigned number;
  if (!name.consume_front(prefix) || name.getAsInteger(10, number) || number >= kernel.getNumArguments())
    return std::nullopt;
  return number;
}

/// The lists of int32 that are recorded for tensor arguments.
static std::map<unsigned, SmallVector<int64_t>> recordedLists(tt::FuncOp kernel, StringRef prefix) {
  std::map<unsigned, SmallVector<int64_t>> lists;
  for (NamedAttribute attribute : kernel->getAttrs()) {
    std::optional<unsigned> number = recordedArgument(attribute, prefix, kernel);
    auto numbers = dyn_cast<DenseIntElementsAttr>(attribute.getValue());
    if (!number || !numbers || !numbers.getElementType().isInteger(32) || numbers.getType().getRank() != 1 ||
        !isa<tt::PointerType>(kernel.getArgumentTypes()[*number]))
      continue;
    SmallVector<int64_t> &list = lists[*number];
    for (const APInt &value : numbers.getValues<APInt>())
      list.push_back(value.getSExtValue());
  }
  return lists;
}

RecordedShapes recordedShapes(tt::FuncOp kernel) {
  RecordedShapes shapes = recordedLists(kernel, shapePrefix);
  std::erase_if(shapes, [](const auto &entry) {
    return !all_of(entry.second, [](int64_t extent) { return extent >= 1; }) || !tt::elementCountOf(entry.second);
  });
  return shapes;
}

RecordedStrides recordedStrides(tt::FuncOp kernel, const RecordedShapes &shapes) {
  RecordedStrides strides = recordedLists(kernel, stridesPrefix);
  std::erase_if(strides, [&](const auto &entry) {
    auto shape = shapes.find(entry.first);
    return shape == shapes.end() || shape->second.size() != entry.second.size();
  });
  return strides;
}

void eraseRecordedShapes(tt::FuncOp kernel, const BitVector &erased) {
  SmallVector<NamedAttribute> kept;
  for (NamedAttribute attribute : kernel->getAttrs()) {
    bool isErased = false;
    for (StringRef prefix : {shapePrefix, stridesPrefix})
      if (std::optional<unsigned> number = recordedArgument(attribute, prefix, kernel)) {
        isErased = erased.test(*number);
        unsigned before = 0;
        for (unsigned i = 0; i < *number; ++i)
          before += erased.test(i);
        attribute.setName(StringAttr::get(kernel.getContext(), prefix + Twine(*number - before)));
        break; // the new name is none to look at again
      }
    if (!isErased)
      kept.push_back(attribute);
  }
  kernel->setAttrs(kept);
}

SmallVector<int64_t> rowMajorStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (size_t d = shape.size(); d-- > 1;)
    strides[d - 1] = strides[d] * shape[d];
  return strides;
}

bool sameStrides(ArrayRef<int64_t> declaredShape, ArrayRef<int64_t> declared, ArrayRef<int64_t> shape,
                 ArrayRef<int64_t> strides) {
  if (declared.size() != strides.size())
    return false;
  for (size_t d = 0; d < strides.size(); ++d)
    if (declaredShape[d] != 1 && shape[d] != 1 && declared[d] != strides[d])
      return false;
  return true;
}

void goByArray(BlockPointer &pointer, ArrayRef<int64_t> array, ArrayRef<int64_t> lineElements,
               ArrayRef<int64_t> tensorStrides) {
  SmallVector<int64_t> shape, strides;
  for (auto [extent, stride] : zip(pointer.shape, pointer.strides)) {
    if (!extent.terms.empty() || !stride.terms.empty())
      return;
    shape.push_back(extent.constant);
    strides.push_back(stride.constant);
  }
  if (shape.size() != array.size() || !pointer.base.isConstant() || pointer.base.constant != 0 ||
      !all_of(shape, [](int64_t extent) { return extent >= 1; }) || !tt::elementCountOf(shape))
    return;
  SmallVector<int64_t> expected = rowMajorStrides(shape);
  bool isRowMajor = true;
  for (size_t d = 0; d < shape.size(); ++d)
    isRowMajor &= shape[d] == 1 || strides[d] == expected[d];
  bool isTensor = !tensorStrides.empty() && sameStrides(shape, strides, array, tensorStrides);
  if (!isTensor) {
    if (isRowMajor && tt::elementCountOf(shape) == tt::elementCountOf(array))
      return;
    // The order of a row-major array: no stride grows, and the last one is 1. Anything else is a view, and meant.
    if (strides.empty() || strides.back() != 1 || !is_sorted(reverse(strides)))
      return;
  }
  pointer.isRecorded = true;
  pointer.isPadded = shape.back() != array.back() && any_of(lineElements, [&](int64_t line) {
                       return shape.back() == static_cast<int64_t>(alignTo(array.back(), line));
                     });
  strides = rowMajorStrides(array);
  for (size_t d = 0; d < array.size(); ++d) {
    pointer.shape[d].constant = array[d];
    pointer.strides[d].constant = strides[d];
  }
}

} // namespace rblnc::lower
