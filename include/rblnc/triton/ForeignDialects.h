// Subsets of the dialects `llvm`, `gpu` and `ttg`: what TTIR uses of them.
#pragma once

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "rblnc/triton/GPUSubset.h.inc"
#include "rblnc/triton/LLVMSubset.h.inc"
#include "rblnc/triton/TTGSubset.h.inc"
#define GET_ATTRDEF_CLASSES
#include "rblnc/triton/ForeignAttributes.h.inc"
#define GET_OP_CLASSES
#include "rblnc/triton/ForeignOps.h.inc"
