// The `npu` dialect: device commands. Their definitions are in NPU.td.
#pragma once

#include "rblnc/target/CostModel.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SmallVector.h"

namespace rblnc::npu {

/// The largest number of elements, in magnitude, that an access or an argument may speak of: 2^58, so that bytes do not
/// overflow.
inline constexpr int64_t maxElements = int64_t{1} << 58;

} // namespace rblnc::npu

#include "rblnc/npu/NPUDialect.h.inc"
#include "rblnc/npu/NPUEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "rblnc/npu/NPUAttributes.h.inc"
#define GET_TYPEDEF_CLASSES
#include "rblnc/npu/NPUTypes.h.inc"
namespace rblnc::npu {

/// One memory that a command reads or writes: the elements of `access` over the index space `shape`, but for what lies
/// outside of the clips.
struct Touch {
  mlir::Value memory;
  AccessAttr access;
  /// One extent for each stride of the access.
  llvm::SmallVector<int64_t, 4> shape;
  bool isWrite;
  mlir::ArrayAttr clips; ///< may be null
  /// How many elements one execution touches at most, if it chooses among those of the index space.
  int64_t mostElements = INT64_MAX;
};

} // namespace rblnc::npu

#include "rblnc/npu/CommandInterface.h.inc"

#define GET_OP_CLASSES
#include "rblnc/npu/NPUOps.h.inc"
