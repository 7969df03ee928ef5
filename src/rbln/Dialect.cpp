// Registration of the rbln dialect, and its types and attributes.
#include "rblnc/rbln/Dialect.h"
#include "rblnc/support/CheckedOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Support/LLVM.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace rblnc::rbln;

#include "rblnc/rbln/RBLNDialect.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "rblnc/rbln/RBLNAttributes.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "rblnc/rbln/RBLNTypes.cpp.inc"

void RBLNDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "rblnc/rbln/RBLNAttributes.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "rblnc/rbln/RBLNTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "rblnc/rbln/RBLNOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// ArrayType
//===----------------------------------------------------------------------===//

int64_t ArrayType::getNumElements() const { return ShapedType::getNumElements(getShape()); }

LogicalResult ArrayType::verify(llvm::function_ref<InFlightDiagnostic()> emitError, ArrayRef<int64_t> shape,
                                Type elementType) {
  int64_t count = 1;
  for (int64_t extent : shape)
    if (extent < 1 || __builtin_mul_overflow(count, extent, &count))
      return emitError() << "array extents must be positive and their product must fit in 63 bits";
  if (!elementType.isF32() && !elementType.isF16() && !elementType.isBF16() && !elementType.isSignlessInteger(1) &&
      !elementType.isSignlessInteger(8) && !elementType.isSignlessInteger(16) && !elementType.isSignlessInteger(32) &&
      !elementType.isSignlessInteger(64))
    return emitError() << "array element type must be i1, i8, i16, i32, i64, f16, bf16 or f32, but is " << elementType;
  return success();
}

Type ArrayType::parse(AsmParser &parser) {
  SmallVector<int64_t> shape;
  Type elementType;
  SMLoc place = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseDimensionList(shape, /*allowDynamic=*/false) || parser.parseType(elementType) ||
      parser.parseGreater())
    return {};
  return getChecked([&] { return parser.emitError(place); }, parser.getContext(), shape, elementType);
}

void ArrayType::print(AsmPrinter &printer) const {
  printer << "<";
  printer.printDimensionList(getShape());
  if (!getShape().empty())
    printer << "x";
  printer << getElementType() << ">";
}

//===----------------------------------------------------------------------===//
// IndexType
//===----------------------------------------------------------------------===//

LogicalResult rblnc::rbln::IndexType::verify(llvm::function_ref<InFlightDiagnostic()> emitError, int64_t min,
                                             int64_t max) {
  if (min > max)
    return emitError() << "index bounds are empty: " << min << " > " << max;
  return success();
}

//===----------------------------------------------------------------------===//
// OverflowAttr
//===----------------------------------------------------------------------===//

LogicalResult rblnc::rbln::OverflowAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                                                llvm::StringRef operation, int64_t width, ArrayRef<int64_t>,
                                                ArrayRef<int64_t>, ArrayRef<int64_t>, int64_t partition, LocationAttr) {
  if (std::string fault = checkedOpFault(operation, width, partition); !fault.empty())
    return emitError() << fault;
  return success();
}
