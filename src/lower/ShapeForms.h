// Forms under tt.splat, tt.broadcast, tt.expand_dims, tt.reshape, tt.trans and tt.unsplat.
#pragma once

#include "LinearForm.h"
#include "Mask.h"

#include "mlir/IR/Operation.h"

namespace rblnc::lower {

/// The shape of a tensor, or no axes for a scalar.
llvm::ArrayRef<int64_t> shapeOf(mlir::Type type);
bool hasOneElement(mlir::Type type);

/// Whether an operation is one of these: its elements are those of its operand, at other places.
bool isShapeOp(mlir::Operation *op);

/// The form of the shape operation's result, given that of its operand; nothing where the result has none.
std::optional<LinearForm> reshaped(mlir::Operation *op, const LinearForm &source);
std::optional<MaskForm> reshaped(mlir::Operation *op, const MaskForm &source);

} // namespace rblnc::lower
