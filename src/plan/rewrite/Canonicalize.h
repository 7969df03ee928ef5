// One form for what can be written in several.
#pragma once

#include "rblnc/rbln/Dialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rblnc::plan {

/// Of a kernel that verifyPlannable takes: constants that a region reads from outside are copied into it, so that
/// operations can be copied by themselves; static clips are brought into their block, so that they can be moved. The
/// number of constants that were copied and clips that were changed.
int64_t canonicalize(mlir::func::FuncOp kernel);

/// A clip of a block's axis without what is outside of the block, which makes no difference; one with a run-time bound
/// as it is.
rbln::ClipAttr clipWithin(rbln::ClipAttr clip, mlir::ShapedType block);

} // namespace rblnc::plan
