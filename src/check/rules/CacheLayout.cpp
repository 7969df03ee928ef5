// RBLN-W032: a cache of keys and values in the other of its two layouts.
#include "rblnc/triton/Dialect.h"

#include "Access.h"
#include "Describe.h"
#include "Rule.h"

#include "mlir/IR/BuiltinAttributes.h"

namespace rblnc::rules {
namespace {

/// split: (2, NUM_BLOCK, ...); packed: (NUM_BLOCK, 2, ...).
enum class Layout { unknown, split, packed };

Layout layoutOf(llvm::ArrayRef<int64_t> shape) {
  if ((shape[0] == 2) == (shape[1] == 2))
    return Layout::unknown;
  return shape[0] == 2 ? Layout::split : Layout::packed;
}

std::string text(Layout layout, llvm::ArrayRef<int64_t> shape) {
  return layout == Layout::split ? "split, (2, NUM_BLOCK, ...), " + shapeText(shape)
                                 : "packed, (NUM_BLOCK, 2, ...), " + shapeText(shape);
}

} // namespace

void cacheLayout(mlir::Operation *op, Context &context) {
  auto pointer = mlir::cast<tt::MakeTensorPtrOp>(op);
  mlir::BlockArgument base = baseOf(pointer.getBase());
  auto kernel = op->getParentOfType<tt::FuncOp>();
  // Only blocks of caches have six axes, and both of these among them.
  if (!base || !kernel || pointer.getShape().size() != 6)
    return;
  // What the tensor really is (kernels/rblnc/CONVENTION.md, Arrays).
  auto extents =
      kernel->getAttrOfType<mlir::DenseIntElementsAttr>("rblib.shape." + std::to_string(base.getArgNumber()));
  if (!extents || extents.getNumElements() != 6 || extents.getType().getRank() != 1)
    return;
  llvm::SmallVector<int64_t> declared, real;
  for (mlir::Value extent : pointer.getShape())
    declared.push_back(constantInt(extent).value_or(0));
  for (const llvm::APInt &extent : extents.getValues<llvm::APInt>())
    real.push_back(extent.getSExtValue());
  Layout kernels = layoutOf(declared), tensors = layoutOf(real);
  if (kernels == Layout::unknown || tensors == Layout::unknown || kernels == tensors)
    return;
  std::string array = argumentText(base);
  context.report(op, {"the block pointer of " + array + " declares a cache that is " + text(kernels, declared) +
                          ", but the tensor is " + text(tensors, real),
                      "pass " + array + " with its first two axes swapped: .transpose(0, 1) of the tensor",
                      array,
                      {}});
}

} // namespace rblnc::rules
