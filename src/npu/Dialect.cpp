// Registration of the npu dialect, and its types and attributes.
#include "rblnc/npu/Dialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace rblnc::npu;

#include "rblnc/npu/NPUDialect.cpp.inc"
#include "rblnc/npu/NPUEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "rblnc/npu/NPUAttributes.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "rblnc/npu/NPUTypes.cpp.inc"

void NPUDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "rblnc/npu/NPUAttributes.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "rblnc/npu/NPUTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "rblnc/npu/NPUOps.cpp.inc"
      >();
}

LogicalResult AccessAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError, Type element, int64_t offset,
                                 ArrayRef<int64_t> strides, ArrayRef<int64_t> registers, ArrayRef<int64_t> scales) {
  if (registers.size() != scales.size())
    return emitError() << "access has " << registers.size() << " registers but " << scales.size() << " scales";
  return success();
}
