// Element types of MLIR and those of the device's memories.
#pragma once

#include "rblnc/support/DType.h"

#include "mlir/IR/Types.h"

#include <optional>

namespace rblnc {

/// What memories hold elements of, and scalar operations compute with, under a type's name: signless i1, i8, i16, i32,
/// i64, and f16, bf16, f32. Nothing for any other type.
std::optional<DType> dtypeOf(mlir::Type element);

inline bool isElement(mlir::Type type) { return dtypeOf(type).has_value(); }

/// Bytes in memory; `element` is one.
int64_t bytesOf(mlir::Type element);

} // namespace rblnc
