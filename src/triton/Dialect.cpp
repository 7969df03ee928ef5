// The `tt` dialect: registration and generated definitions.
#include "rblnc/triton/Dialect.h"

#include "Syntax.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionImplementation.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace rblnc::tt;

#include "rblnc/triton/TritonDialect.cpp.inc"
#include "rblnc/triton/TritonEnums.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "rblnc/triton/TritonTypes.cpp.inc"

void TTDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "rblnc/triton/TritonTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "rblnc/triton/TritonOps.cpp.inc"
      >();
}

Operation *TTDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type, Location location) {
  return arith::ConstantOp::materialize(builder, value, type, location);
}

#define GET_OP_CLASSES
#include "rblnc/triton/TritonOps.cpp.inc"
