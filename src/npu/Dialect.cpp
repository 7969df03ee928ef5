// Registration of the npu dialect, and its types and attributes.
#include "rblnc/npu/Dialect.h"
#include "rblnc/ir/Elements.h"
#include "rblnc/support/CheckedOps.h"

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

static bool isNumber(int64_t value) { return value >= 0 && value <= INT32_MAX; }

static bool areCounts(ArrayRef<int64_t> values) {
  return llvm::all_of(values, [](int64_t value) { return value >= -maxElements && value <= maxElements; });
}

LogicalResult QueueAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError, Unit unit, int64_t index) {
  if (!isNumber(index))
    return emitError() << "there is no queue " << index;
  return success();
}

LogicalResult AccessAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError, Type element, int64_t offset,
                                 ArrayRef<int64_t> strides, ArrayRef<int64_t> registers, ArrayRef<int64_t> scales) {
  if (!isElement(element))
    return emitError() << "no memory holds elements of " << element;
  if (registers.size() != scales.size())
    return emitError() << "access has " << registers.size() << " registers but " << scales.size() << " scales";
  if (!llvm::all_of(registers, isNumber))
    return emitError() << "access has a register below 0 or above " << INT32_MAX;
  if (!areCounts(offset) || !areCounts(strides) || !areCounts(scales))
    return emitError() << "access has an offset, stride or scale of more than 2^58 elements";
  return success();
}

LogicalResult ClipAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError, int64_t axis, int64_t lo, int64_t hi,
                               int64_t reg, int64_t loScale, int64_t hiScale) {
  if (!isNumber(axis))
    return emitError() << "there is no axis " << axis;
  if (reg != -1 && !isNumber(reg))
    return emitError() << "there is no register " << reg;
  return success();
}

LogicalResult OverflowAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError, llvm::StringRef operation,
                                   int64_t width, ArrayRef<int64_t> registers, ArrayRef<int64_t> lhs,
                                   ArrayRef<int64_t> rhs, ArrayRef<int64_t> unless, int64_t partition, LocationAttr) {
  if (std::string fault = checkedOpFault(operation, width, partition); !fault.empty())
    return emitError() << fault;
  if (lhs.size() != registers.size() + 2 || rhs.size() != lhs.size())
    return emitError() << "a check on " << registers.size() << " more registers needs " << registers.size() + 2
                       << " numbers on each side";
  if (!llvm::all_of(registers, isNumber) || !llvm::all_of(unless, isNumber))
    return emitError() << "an overflow check has a register below 0 or above " << INT32_MAX;
  return success();
}
