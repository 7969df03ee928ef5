// The `rbln` dialect (RBLN IR): types, attributes and operations. Their definitions are in RBLN.td.
#pragma once

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "rblnc/rbln/RBLNDialect.h.inc"

#define GET_ATTRDEF_CLASSES
#include "rblnc/rbln/RBLNAttributes.h.inc"
#define GET_TYPEDEF_CLASSES
#include "rblnc/rbln/RBLNTypes.h.inc"
#define GET_OP_CLASSES
#include "rblnc/rbln/RBLNOps.h.inc"
