// What the verifiers of commands share.
#pragma once

#include "rblnc/npu/Dialect.h"

#include "mlir/IR/Builders.h"

namespace rblnc::npu {

/// Every access has one stride for each dimension of its command's index space.
mlir::LogicalResult verifyRank(mlir::Operation *op, AccessAttr access, size_t rank);
/// Clips are of axes of the index space.
mlir::LogicalResult verifyClips(mlir::Operation *op, mlir::ArrayAttr clips, size_t rank);
/// A fill, if there is one, is a number of the elements' type.
mlir::LogicalResult verifyFill(mlir::Operation *op, std::optional<mlir::TypedAttr> fill, mlir::Type element);

/// The registers of clips, which may be null.
llvm::SmallVector<int64_t, 2> registersOf(mlir::ArrayAttr clips);

} // namespace rblnc::npu
