// Scalar forms that are made of several operations.
#pragma once

#include "Patterns.h"

namespace rblnc::lower {

/// tt.extern_elementwise on single elements. Failure (reported) for a function that is not lowered.
mlir::FailureOr<mlir::Value> emitLibraryCall(Lowering &lowering, mlir::Operation *op, mlir::ValueRange operands,
                                             mlir::OpBuilder &builder, mlir::Location loc);

/// The i1 of math.isnan, math.isinf, math.isfinite or math.isnormal, by its name.
mlir::Value classify(llvm::StringRef name, mlir::Value x, mlir::OpBuilder &builder, mlir::Location loc);

/// The upper half of the product of two unsigned integers.
mlir::Value unsignedHighProduct(mlir::Value a, mlir::Value b, mlir::OpBuilder &builder, mlir::Location loc);

} // namespace rblnc::lower
