// RBLN's specialised operations that are plain computation: what they compute in linalg.generic and rbln.reduce, so
// that they fuse like everything else.
#pragma once

#include "rblnc/rbln/Dialect.h"
#include "rblnc/support/Diagnostic.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"

namespace rblnc::plan {

/// Replaces every specialised operation that has an expansion. Those that move rows (insert, window_insert,
/// window_slice, pad) have none: they are commands. Gives how many were expanded. Error P002 for an index that is not
/// made by rbln.to_index.
mlir::FailureOr<int64_t> expandSpecialised(mlir::func::FuncOp kernel, Diagnostics &diagnostics);

/// Emits an expansion before the operation; its results take the place of the operation's.
using ExpandFunction = llvm::SmallVector<mlir::Value> (*)(mlir::OpBuilder &, mlir::Operation *);
using ExpandTable = llvm::StringMap<ExpandFunction>;

// One file each in src/plan/rewrite/expand.
void addSoftmaxExpansions(ExpandTable &table);
void addFlashExpansions(ExpandTable &table);
void addPartitionSkipExpansion(ExpandTable &table);

/// The integer behind a dynamic index, a tensor of one element.
mlir::Value integerOf(mlir::Value index);

} // namespace rblnc::plan
