// Subsets of the dialects `llvm`, `gpu` and `ttg`.
#include "rblnc/triton/ForeignDialects.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace rblnc::tt;

#include "rblnc/triton/GPUSubset.cpp.inc"
#include "rblnc/triton/LLVMSubset.cpp.inc"
#include "rblnc/triton/TTGSubset.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "rblnc/triton/ForeignAttributes.cpp.inc"
#define GET_OP_CLASSES
#include "rblnc/triton/ForeignOps.cpp.inc"

void LLVMSubsetDialect::initialize() {
  addAttributes<LoopHintAttr>();
  addOperations<AssumeOp, UndefOp>();
}
void GPUSubsetDialect::initialize() { addOperations<GPUBarrierOp>(); }
void TTGSubsetDialect::initialize() { addOperations<TTGBarrierOp>(); }

// ---- Loop hints ----------------------------------------------------------------------------------------------------

/// `<key = value, ...>`; a value may be such a list again.
static Attribute parseHint(AsmParser &parser, StringRef kind) {
  NamedAttrList values;
  auto parseValue = [&]() -> ParseResult {
    std::string key;
    SMLoc location = parser.getCurrentLocation();
    if (parser.parseKeywordOrString(&key) || parser.parseEqual())
      return failure();
    // A nested hint starts with the bracket that no attribute starts with.
    Attribute value;
    SMLoc valueLocation = parser.getCurrentLocation();
    if (valueLocation.getPointer() && *valueLocation.getPointer() == '<') {
      value = parseHint(parser, "");
      if (!value)
        return failure();
    } else if (parser.parseAttribute(value)) {
      return failure();
    }
    if (values.get(key))
      return parser.emitError(location, "'") << key << "' is given twice";
    values.set(key, value);
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::OptionalLessGreater, parseValue))
    return {};
  MLIRContext *context = parser.getContext();
  return LoopHintAttr::get(context, StringAttr::get(context, kind), values.getDictionary(context));
}

static void printHint(LoopHintAttr hint, AsmPrinter &printer) {
  printer << hint.getKind().getValue() << '<';
  llvm::interleaveComma(hint.getValues(), printer.getStream(), [&](NamedAttribute entry) {
    printer.printKeywordOrString(entry.getName());
    printer << " = ";
    auto nested = dyn_cast<LoopHintAttr>(entry.getValue());
    if (nested && nested.getKind().empty())
      printHint(nested, printer);
    else
      printer.printAttribute(entry.getValue());
  });
  printer << '>';
}

Attribute LLVMSubsetDialect::parseAttribute(DialectAsmParser &parser, Type) const {
  StringRef kind;
  SMLoc location = parser.getCurrentLocation();
  if (parser.parseKeyword(&kind))
    return {};
  if (!kind.starts_with("loop_")) {
    parser.emitError(location, "'#llvm.") << kind << "' is none of the loop attributes that TTIR uses";
    return {};
  }
  return parseHint(parser, kind);
}

void LLVMSubsetDialect::printAttribute(Attribute attribute, DialectAsmPrinter &printer) const {
  printHint(cast<LoopHintAttr>(attribute), printer);
}

// ---- ttg.barrier ---------------------------------------------------------------------------------------------------

ParseResult TTGBarrierOp::parse(OpAsmParser &parser, OperationState &result) {
  std::string memories;
  do {
    StringRef memory;
    if (parser.parseKeyword(&memory))
      return failure();
    memories += (memories.empty() ? "" : "|") + memory.str();
  } while (succeeded(parser.parseOptionalVerticalBar()));
  result.getOrAddProperties<Properties>().addrSpace = parser.getBuilder().getStringAttr(memories);
  return parser.parseOptionalAttrDict(result.attributes);
}

void TTGBarrierOp::print(OpAsmPrinter &printer) {
  // The generic form of Triton has a number here, for which there is no spelling: it prints as `all`.
  auto memories = dyn_cast<StringAttr>(getAddrSpace());
  printer << ' ' << (memories ? memories.getValue() : StringRef("all"));
  printer.printOptionalAttrDict((*this)->getAttrs(), {getAddrSpaceAttrName()});
}

LogicalResult TTGBarrierOp::verify() {
  auto memories = dyn_cast<StringAttr>(getAddrSpace());
  if (!memories)
    return success();
  for (StringRef memory : llvm::split(memories.getValue(), '|'))
    if (memory.empty() || !llvm::all_of(memory, [](char c) { return llvm::isAlpha(c) || c == '_'; }))
      return emitOpError() << "memories must be words with '|' between them, but are " << memories;
  return success();
}
