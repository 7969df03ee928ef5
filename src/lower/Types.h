// Which types a value may have, and what they become.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace rblnc::lower {

/// The error (C003, C004, C005 or C008) when a value of this type at this operation cannot be lowered: its element type
/// is unsupported, it is a pointer, or a tensor without a static, non-empty shape of less than 2^48 elements.
std::optional<Diagnostic> checkValueType(mlir::Operation *op, mlir::Type type);

/// The static tensor that carries a value: a scalar becomes a tensor of rank 0. The type has been checked.
mlir::RankedTensorType tensorTypeOf(mlir::Type type);

} // namespace rblnc::lower
