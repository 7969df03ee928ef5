// How RBLN IR writes dense computation: linalg.generic over the result's shape, and rbln.reduce.
#pragma once

#include "rblnc/rbln/Dialect.h"

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"

namespace rblnc::rbln {

/// Emits the scalars that a loop body computes from the elements of the inputs, and returns what the result holds; null
/// when that failed and has been reported.
using BodyBuilder = llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Location, mlir::ValueRange)>;

/// A linalg.generic with parallel loops over `shape`; the result has that shape and the element type `element`. `maps`
/// has one map per input, over as many dimensions as `shape` has axes.
mlir::Value generic(mlir::OpBuilder &builder, mlir::Location loc, llvm::ArrayRef<int64_t> shape, mlir::Type element,
                    mlir::ValueRange inputs, llvm::ArrayRef<mlir::AffineMap> maps, BodyBuilder body);

/// The same over inputs that are broadcast to the shape: their rank is the shape's, with extent 1 where they are
/// broadcast, or 0.
mlir::Value elementwise(mlir::OpBuilder &builder, mlir::Location loc, llvm::ArrayRef<int64_t> shape, mlir::Type element,
                        mlir::ValueRange inputs, BodyBuilder body);

/// Combines the elements of one tensor along an axis, which stays with extent 1. `combine` joins two elements.
mlir::Value reduce(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value input, int64_t axis, BodyBuilder combine);

} // namespace rblnc::rbln
