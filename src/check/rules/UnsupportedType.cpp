// RBLN-C005: element types that the device's data path does not have.
#include "rblnc/ir/Elements.h"
#include "rblnc/triton/Dialect.h"

#include "llvm/ADT/MapVector.h"

#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {
namespace {

/// The scalar inside a tensor, a pointer, or both.
mlir::Type scalarOf(mlir::Type type) {
  // Pointers to pointers nest as deep as the reader allows.
  for (;;) {
    if (auto shaped = mlir::dyn_cast<mlir::ShapedType>(type))
      type = shaped.getElementType();
    else if (auto pointer = mlir::dyn_cast<tt::PointerType>(type))
      type = pointer.getPointeeType();
    else
      return type;
  }
}

bool isSupported(mlir::Type scalar) {
  // Descriptors, and whatever else a release may have, are refused with the operations that make them.
  if (!mlir::isa<mlir::IntegerType, mlir::FloatType, mlir::ComplexType>(scalar))
    return true;
  return isElement(scalar);
}

std::string fixFor(mlir::Type scalar) {
  if (scalar.isF64())
    return "use float32: x.to(torch.float32) before the call, tl.float32 in the kernel";
  if (auto floating = mlir::dyn_cast<mlir::FloatType>(scalar))
    return floating.getWidth() == 8 ? "widen it before the call: x.to(torch.float16) or x.to(torch.float32)"
                                    : "use float32";
  if (auto integer = mlir::dyn_cast<mlir::IntegerType>(scalar))
    return integer.getWidth() < 8 ? "use int8, one value a byte" : "use int64 or int32";
  return "use float32 or int32";
}

void reportArguments(tt::FuncOp function, Context &context) {
  llvm::MapVector<mlir::Type, llvm::SmallVector<std::string>> names;
  for (auto [index, type] : llvm::enumerate(function.getArgumentTypes())) {
    mlir::Type scalar = scalarOf(type);
    if (isSupported(scalar))
      continue;
    names[scalar].push_back(function.isExternal() ? "'arg" + std::to_string(index) + "'"
                                                  : argumentText(function.getArgument(static_cast<unsigned>(index))));
  }
  for (auto &[scalar, list] : names)
    context.report(function, {std::string(list.size() > 1 ? "the arguments " : "the argument ") + listText(list) +
                                  (list.size() > 1 ? " hold " : " holds ") + elementName(scalar) +
                                  ", which the device does not have",
                              fixFor(scalar),
                              elementName(scalar),
                              {}});
}

} // namespace

void unsupportedType(mlir::Operation *op, Context &context) {
  if (auto function = mlir::dyn_cast<tt::FuncOp>(op)) {
    reportArguments(function, context);
    return;
  }
  // Only where the type enters: what follows from it is mended with it.
  for (mlir::Type type : op->getResultTypes()) {
    mlir::Type scalar = scalarOf(type);
    if (isSupported(scalar) ||
        llvm::any_of(op->getOperandTypes(), [&](mlir::Type operand) { return scalarOf(operand) == scalar; }))
      continue;
    context.report(op, {pythonName(op) + " makes " + typeText(type) + ", a type that the device does not have",
                        fixFor(scalar),
                        elementName(scalar),
                        {}});
    return;
  }
}

} // namespace rblnc::rules
