// The `npu` dialect: device commands. Their definitions are in NPU.td.
#pragma once

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "rblnc/npu/NPUDialect.h.inc"
#include "rblnc/npu/NPUEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "rblnc/npu/NPUAttributes.h.inc"
#define GET_TYPEDEF_CLASSES
#include "rblnc/npu/NPUTypes.h.inc"
#define GET_OP_CLASSES
#include "rblnc/npu/NPUOps.h.inc"
