// Functions, calls and returns: syntax and rules.
#include "rblnc/triton/Dialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;

namespace rblnc::tt {

void FuncOp::build(OpBuilder &builder, OperationState &state, StringRef name, FunctionType type,
                   ArrayRef<NamedAttribute> attributes) {
  state.addAttribute(getSymNameAttrName(state.name), builder.getStringAttr(name));
  state.addAttribute(getFunctionTypeAttrName(state.name), TypeAttr::get(type));
  state.attributes.append(attributes.begin(), attributes.end());
  state.addRegion();
}

ParseResult FuncOp::parse(OpAsmParser &parser, OperationState &result) {
  auto buildType = [](Builder &builder, ArrayRef<Type> arguments, ArrayRef<Type> results,
                      function_interface_impl::VariadicFlag,
                      std::string &) { return builder.getFunctionType(arguments, results); };
  return function_interface_impl::parseFunctionOp(parser, result, /*allowVariadic=*/false,
                                                  getFunctionTypeAttrName(result.name), buildType,
                                                  getArgAttrsAttrName(result.name), getResAttrsAttrName(result.name));
}

void FuncOp::print(OpAsmPrinter &printer) {
  function_interface_impl::printFunctionOp(printer, *this, /*isVariadic=*/false, getFunctionTypeAttrName(),
                                           getArgAttrsAttrName(), getResAttrsAttrName());
}

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto callee = symbols.lookupNearestSymbolFrom<FuncOp>(*this, getCalleeAttr());
  if (!callee)
    return emitOpError() << "calls " << getCalleeAttr() << ", which is not a function of the module";
  FunctionType type = callee.getFunctionType();
  if (type.getInputs() != ArrayRef<Type>(llvm::to_vector(getOperandTypes())) ||
      type.getResults() != ArrayRef<Type>(llvm::to_vector(getResultTypes()))) {
    InFlightDiagnostic error = emitOpError() << "does not match the type of " << getCalleeAttr() << ", " << type;
    error.attachNote(callee.getLoc()) << "the function is here";
    return error;
  }
  return success();
}

LogicalResult ReturnOp::verify() {
  auto function = cast<FuncOp>((*this)->getParentOp());
  ArrayRef<Type> expected = function.getFunctionType().getResults();
  if (expected.size() != getNumOperands())
    return emitOpError() << "returns " << getNumOperands() << " values, but @" << function.getName() << " has "
                         << expected.size() << " results";
  for (auto [index, type] : llvm::enumerate(expected))
    if (getOperand(index).getType() != type)
      return emitOpError() << "value " << index << " is of type " << getOperand(index).getType() << ", but @"
                           << function.getName() << " returns " << type;
  return success();
}

} // namespace rblnc::tt
