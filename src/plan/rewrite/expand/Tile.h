// The steps that softmax and flash attention have in common.
#pragma once

#include "rewrite/Expand.h"

#include "rblnc/rbln/Structured.h"

namespace rblnc::plan {

/// x where the mask is positive, minus infinity elsewhere.
mlir::Value selectByMask(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x, mlir::Value mask);

/// Whether row i sees column j, from 64-bit integers: the dynamic index, i and j.
using Visible =
    llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Location, mlir::Value off, mlir::Value i, mlir::Value j)>;
/// x where it is visible, minus infinity elsewhere. Rows and columns are the last two axes.
mlir::Value selectByIndex(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x, mlir::Value index,
                          Visible visible);
/// The causal rule, j <= off + i.
mlir::Value isCausal(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value off, mlir::Value i, mlir::Value j);

struct Tile {
  mlir::Value m, p, s;
};
/// m = max y along the axis, and `previous` if given; p = exp(y - m), 0 where y is minus infinity; s = sum p.
Tile tile(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value y, int64_t axis, mlir::Value previous = {});

/// exp(a - b), and 0 where a is minus infinity even if b is as well.
mlir::Value expOfDifference(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value a, mlir::Value b);

} // namespace rblnc::plan
