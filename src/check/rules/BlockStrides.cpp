// RBLN-W028: strides that say something else than the shape.
#include "rblnc/triton/Dialect.h"

#include "Access.h"
#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {
namespace {

/// The values of constants; none when one is not constant.
std::optional<llvm::SmallVector<int64_t>> constants(mlir::OperandRange values) {
  llvm::SmallVector<int64_t> result;
  for (mlir::Value value : values) {
    std::optional<int64_t> constant = constantInt(value);
    if (!constant)
      return std::nullopt;
    result.push_back(*constant);
  }
  return result;
}

} // namespace

void blockStrides(mlir::Operation *op, Context &context) {
  auto pointer = mlir::cast<tt::MakeTensorPtrOp>(op);
  auto shape = constants(pointer.getShape()), strides = constants(pointer.getStrides());
  if (!shape || !strides)
    return;
  llvm::SmallVector<int64_t> rowMajor(shape->size());
  int64_t stride = 1;
  bool differs = false;
  for (size_t axis = shape->size(); axis-- > 0;) {
    rowMajor[axis] = stride;
    // The stride of an axis with one element is never used.
    differs |= (*shape)[axis] != 1 && (*strides)[axis] != stride;
    if (__builtin_mul_overflow(stride, (*shape)[axis], &stride))
      return;
  }
  if (!differs)
    return;
  mlir::BlockArgument base = baseOf(pointer.getBase());
  std::string array = base ? argumentText(base) : "the array";
  context.report(op, {"the block pointer of " + array + " has strides " + shapeText(*strides) + ", but an array of " +
                          shapeText(*shape) + " has " + shapeText(rowMajor) +
                          "; the vendor's compiler goes by the shape of the tensor",
                      "declare the shape that " + array +
                          " has in memory, with its row-major strides, and use "
                          "tl.permute or offsets for the rest",
                      array,
                      {}});
}

} // namespace rblnc::rules
