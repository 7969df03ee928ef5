// Splitting a kernel over the engines of the target.
#pragma once

#include "rblnc/plan/Options.h"
#include "rblnc/target/Target.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rblnc::plan {

/// The attribute that says which engine an operation runs on, an i64; 0 where there is none. On an scf.if the attribute
/// is an array with the engine of each result.
inline constexpr llvm::StringLiteral engineAttribute = "rbln.engine";

/// Rewrites the kernel so that each engine has operations of its own on its part of the tensors. Operations stay in
/// program order, an operation's parts next to each other. Dynamic indices and conditions are made once, of values on
/// engine 0. Specialised operations have been expanded.
void splitOverEngines(mlir::func::FuncOp kernel, const Target &target, Split split);

} // namespace rblnc::plan
