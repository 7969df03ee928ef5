#include "Describe.h"

#include "rblnc/check/Operations.h"
#include "rblnc/triton/Dialect.h"
#include "rblnc/triton/Location.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Support/raw_ostream.h"

namespace rblnc::rules {

std::string elementName(mlir::Type type) {
  type = mlir::getElementTypeOrSelf(type);
  if (auto integer = mlir::dyn_cast<mlir::IntegerType>(type))
    return "int" + std::to_string(integer.getWidth());
  if (type.isF32())
    return "float32";
  if (type.isF16())
    return "float16";
  if (type.isBF16())
    return "bfloat16";
  if (type.isF64())
    return "float64";
  if (auto floating = mlir::dyn_cast<mlir::FloatType>(type); floating && floating.getWidth() == 8) {
    if (mlir::isa<mlir::Float8E4M3FNType>(floating))
      return "float8e4nv";
    if (mlir::isa<mlir::Float8E4M3FNUZType>(floating))
      return "float8e4b8";
    if (mlir::isa<mlir::Float8E5M2Type>(floating))
      return "float8e5";
    if (mlir::isa<mlir::Float8E5M2FNUZType>(floating))
      return "float8e5b16";
  }
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << type;
  return text;
}

std::string shapeText(llvm::ArrayRef<int64_t> shape) {
  std::string text = "(";
  for (size_t axis = 0; axis < shape.size(); ++axis)
    text += (axis ? ", " : "") + (mlir::ShapedType::isDynamic(shape[axis]) ? "?" : std::to_string(shape[axis]));
  return text + (shape.size() == 1 ? ",)" : ")");
}

std::string typeText(mlir::Type type) {
  if (auto pointer = mlir::dyn_cast<tt::PointerType>(type))
    return "a pointer to " +
           (pointer.pointsToTensor() ? typeText(pointer.getPointeeType()) : elementName(pointer.getPointeeType()));
  if (auto tensor = mlir::dyn_cast<mlir::RankedTensorType>(type)) {
    if (auto pointer = mlir::dyn_cast<tt::PointerType>(tensor.getElementType()))
      return "a block of pointers to " + elementName(pointer.getPointeeType()) + " of " + shapeText(tensor.getShape());
    return "a block of " + elementName(type) + " of " + shapeText(tensor.getShape());
  }
  return "one " + elementName(type) + " number";
}

std::string pythonName(mlir::Operation *op) {
  llvm::StringRef name = op->getName().getStringRef();
  const OperationInfo *info = findOperation(std::string_view(name.data(), name.size()));
  return info ? std::string(info->python) : name.str();
}

bool isKernelArgument(mlir::BlockArgument argument) {
  return argument.getOwner()->isEntryBlock() && mlir::isa<tt::FuncOp>(argument.getOwner()->getParentOp());
}

std::string argumentName(mlir::BlockArgument argument) {
  if (auto named = mlir::dyn_cast<mlir::NameLoc>(argument.getLoc()))
    return named.getName().str();
  return "arg" + std::to_string(argument.getArgNumber());
}

std::string argumentText(mlir::BlockArgument argument) { return "'" + argumentName(argument) + "'"; }

std::optional<int64_t> constantInt(mlir::Value value) {
  llvm::APInt constant;
  if (mlir::matchPattern(value, mlir::m_ConstantInt(&constant)) && constant.getSignificantBits() <= 64)
    return constant.getSExtValue();
  return std::nullopt;
}

bool isConstant(mlir::Value value) {
  while (mlir::isa_and_nonnull<tt::SplatOp, tt::BroadcastOp, tt::ExpandDimsOp, tt::ReshapeOp>(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return mlir::matchPattern(value, mlir::m_Constant());
}

Origins originsOf(mlir::Value value) {
  Origins origins;
  llvm::SmallPtrSet<void *, 16> seen;
  llvm::SmallVector<mlir::Value> work{value};
  while (!work.empty()) {
    mlir::Value next = work.pop_back_val();
    if (!seen.insert(next.getAsOpaquePointer()).second)
      continue;
    mlir::Operation *op = next.getDefiningOp();
    if (op && mlir::isa<tt::LoadOp>(op)) {
      origins.loads.push_back(op);
    } else if (op) {
      work.append(op->operand_begin(), op->operand_end());
    } else {
      auto argument = mlir::cast<mlir::BlockArgument>(next);
      if (isKernelArgument(argument) && !mlir::isa<tt::PointerType>(argument.getType()))
        origins.arguments.push_back(argument);
    }
  }
  llvm::sort(origins.arguments,
             [](mlir::BlockArgument a, mlir::BlockArgument b) { return a.getArgNumber() < b.getArgNumber(); });
  return origins;
}

std::string scalarText(mlir::Value value) {
  if (std::optional<int64_t> constant = constantInt(value))
    return std::to_string(*constant);
  Origins origins = originsOf(value);
  llvm::SmallVector<std::string> names;
  for (mlir::BlockArgument argument : origins.arguments)
    names.push_back(argumentText(argument));
  if (!names.empty())
    return (names.size() > 1 ? "the arguments " : "the argument ") + listText(names);
  if (!origins.loads.empty()) {
    std::string line = lineText(origins.loads.front()->getLoc());
    return "a value loaded" + (line.empty() ? std::string(" from memory") : " at " + line);
  }
  return "a value computed at run time";
}

std::string listText(llvm::ArrayRef<std::string> items) {
  std::string text;
  for (size_t i = 0; i < items.size(); ++i)
    text += (i == 0 ? "" : i + 1 == items.size() ? " and " : ", ") + items[i];
  return text;
}

std::string lineText(mlir::Location location) {
  std::vector<SourceFrame> frames = framesOf(location);
  if (frames.empty() || frames.front().line == 0)
    return {};
  return "line " + std::to_string(frames.front().line);
}

} // namespace rblnc::rules
