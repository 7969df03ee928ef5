// Splitting a kernel over the engines of the target, and into rounds that fit their scratchpads.
#pragma once

#include "Partition.h"

#include "rblnc/target/Target.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rblnc::plan {

/// The attribute that says which engine an operation runs on, an i64; 0 where there is none. On an scf.if the attribute
/// is an array with the engine of each result.
inline constexpr llvm::StringLiteral engineAttribute = "rbln.engine";

/// The attribute of an rbln.load that several engines need: loads with the same number, an i64, load the same block.
inline constexpr llvm::StringLiteral stageAttribute = "rbln.stage";
/// Rewrites the kernel so that each engine has operations of its own on its part of the tensors, and goes through its
/// part in rounds. Pieces that an operation needs side by side are joined by tensor.concat, and tiles of a value are
/// taken out by tensor.extract_slice. Memory is touched as if operations had stayed in the order of the program.
/// Dynamic indices and conditions are made once, of values on engine 0. Specialised operations have been expanded.
/// The tilings are of the kernel's classes of dimensions (DimensionClasses) as they are before; none: nothing is cut.
/// Fails when it was told to stop, and leaves a kernel of no use then.
mlir::LogicalResult tileKernel(mlir::func::FuncOp kernel, const Target &target, llvm::ArrayRef<Tiling> tilings);

/// Gives every user of a tensor of equal elements one of its own, so that it ties no dimensions together that have
/// nothing but their extent in common. Before tilings are chosen.
void duplicateSplats(mlir::func::FuncOp kernel);

} // namespace rblnc::plan
