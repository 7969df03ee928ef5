// What the functions of device libraries are made of.
#pragma once

#include "rblnc/check/Operations.h"

#include "mlir/IR/Builders.h"

namespace rblnc::lower {

/// A supported function on single elements of the types that its row says, as operations of arith, math and rbln at the
/// builder's place. `result` is the type of its result.
mlir::Value emitLibraryFunction(const LibraryFunction &function, mlir::Type result, mlir::ValueRange operands,
                                mlir::OpBuilder &builder, mlir::Location loc);

} // namespace rblnc::lower
