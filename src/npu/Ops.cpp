// The operations of the dialect; what each command adds to them is in commands/, one file each.
#include "rblnc/npu/Dialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace rblnc::npu;

#include "rblnc/npu/CommandInterface.cpp.inc"

#define GET_OP_CLASSES
#include "rblnc/npu/NPUOps.cpp.inc"
