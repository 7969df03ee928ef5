// The `tt` dialect: types, attributes and operations of Triton's IR. `rblnc::tt::LoadOp` is `tt.load`, and so on.
#pragma once

#include "rblnc/triton/Traits.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/CallInterfaces.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include <optional>

namespace mlir {
class PatternRewriter;
class RewritePatternSet;
} // namespace mlir

#include "rblnc/triton/TritonDialect.h.inc"
#include "rblnc/triton/TritonEnums.h.inc"
#define GET_TYPEDEF_CLASSES
#include "rblnc/triton/TritonTypes.h.inc"

namespace rblnc::tt {

/// What a pointer, or a tensor of pointers, points to: the pointee of `!tt.ptr<T>` (a tensor for a block pointer), a
/// tensor of pointees for a tensor of pointers. Null when the type is neither.
mlir::Type pointeeTypeOf(mlir::Type pointerLike);

/// i1 in the shape of what `pointerLike` points to; for a type that is no pointer, i1 in the shape of that type.
mlir::Type maskTypeOf(mlir::Type pointerLike);

/// Pointer to one element of the block that a block pointer or a descriptor stands for; null for other types.
mlir::Type elementPointerOf(mlir::Type blockType);

/// The number of elements of a static shape; none when it is dynamic or does not fit in int64.
std::optional<int64_t> elementCountOf(llvm::ArrayRef<int64_t> shape);

} // namespace rblnc::tt

#define GET_OP_CLASSES
#include "rblnc/triton/TritonOps.h.inc"
