// Values, types and operations in the user's words.
#pragma once

#include "mlir/IR/Operation.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>
#include <string>
#include <vector>

namespace rblnc::rules {

/// "float32", "int8", "float8e5m2", "int1"; MLIR's spelling for what Python has no name for.
std::string elementName(mlir::Type type);

/// "(1, 64, 64)", as Python writes a shape; "(64,)" for rank 1.
std::string shapeText(llvm::ArrayRef<int64_t> shape);

/// "a float32 block of (1, 64, 64)", "one float32 number", "a pointer to float32".
std::string typeText(mlir::Type type);

/// What the user wrote for an operation: "tl.where", "+"; the operation's own name when nothing is known.
std::string pythonName(mlir::Operation *op);

/// True for an argument of a function, false for one of a block inside of it.
bool isKernelArgument(mlir::BlockArgument argument);
/// The name of an argument of the kernel: "n"; "arg3" (counted from 0), as in the text, when it has no Python name.
std::string argumentName(mlir::BlockArgument argument);
/// The same in quotes.
std::string argumentText(mlir::BlockArgument argument);

/// The value of an integer constant.
std::optional<int64_t> constantInt(mlir::Value value);
/// True for a tensor (or scalar) constant, also one that is broadcast.
bool isConstant(mlir::Value value);

/// The kernel's scalar arguments and the loads that a scalar is computed from.
struct Origins {
  llvm::SmallVector<mlir::BlockArgument> arguments;
  llvm::SmallVector<mlir::Operation *> loads;
};
Origins originsOf(mlir::Value value);

/// What a run-time scalar is: "4", "the argument 'n'", "a value loaded at line 109", "a value computed at run time".
std::string scalarText(mlir::Value value);

/// "a, b and c".
std::string listText(llvm::ArrayRef<std::string> items);

/// "line 12" of the user's file; empty when the place is unknown.
std::string lineText(mlir::Location location);

} // namespace rblnc::rules
