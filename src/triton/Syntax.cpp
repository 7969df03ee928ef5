// Syntax that the operations' format strings cannot say, mostly the spellings of old releases.
#include "Syntax.h"

#include "rblnc/triton/Dialect.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace rblnc::tt {

// ---- Lists of equal length -----------------------------------------------------------------------------------------

static ParseResult parseList(OpAsmParser &parser, UnresolvedOperands &list) {
  return parser.parseOperandList(list, OpAsmParser::Delimiter::Square);
}

static ParseResult parseListLike(OpAsmParser &parser, UnresolvedOperands &list, size_t length) {
  SMLoc location = parser.getCurrentLocation();
  if (parser.parseComma() || parseList(parser, list))
    return failure();
  if (list.size() != length)
    return parser.emitError(location, "expected ")
           << length << " values as in the list before, but got " << list.size();
  return success();
}

ParseResult parseEqualLists(OpAsmParser &parser, UnresolvedOperands &first, UnresolvedOperands &second) {
  return failure(parseList(parser, first) || parseListLike(parser, second, first.size()));
}

ParseResult parseEqualLists(OpAsmParser &parser, UnresolvedOperands &first, UnresolvedOperands &second,
                            UnresolvedOperands &third) {
  return failure(parseEqualLists(parser, first, second) || parseListLike(parser, third, first.size()));
}

void printEqualLists(OpAsmPrinter &printer, Operation *, OperandRange first, OperandRange second) {
  printer << '[' << first << "], [" << second << ']';
}

void printEqualLists(OpAsmPrinter &printer, Operation *op, OperandRange first, OperandRange second,
                     OperandRange third) {
  printEqualLists(printer, op, first, second);
  printer << ", [" << third << ']';
}

// ---- tt.reshape ----------------------------------------------------------------------------------------------------

// 3.2 on: `%x allow_reorder efficient_layout : T -> U`. 3.0 and 3.1: `%x {allow_reorder = true} : T -> U`.
ParseResult ReshapeOp::parse(OpAsmParser &parser, OperationState &result) {
  OpAsmParser::UnresolvedOperand source;
  Type sourceType, resultType;
  if (parser.parseOperand(source))
    return failure();
  Builder &builder = parser.getBuilder();
  bool reorder = succeeded(parser.parseOptionalKeyword("allow_reorder"));
  bool efficient = succeeded(parser.parseOptionalKeyword("efficient_layout"));
  SMLoc location = parser.getCurrentLocation();
  if (parser.parseOptionalAttrDict(result.attributes))
    return failure();
  for (auto [name, flag] :
       {std::pair<StringRef, bool *>{"allow_reorder", &reorder}, {"efficient_layout", &efficient}}) {
    Attribute value = result.attributes.erase(name);
    if (!value)
      continue;
    auto boolean = dyn_cast<BoolAttr>(value);
    if (!boolean && !isa<UnitAttr>(value))
      return parser.emitError(location, "'") << name << "' must be a unit or boolean attribute";
    *flag |= !boolean || boolean.getValue();
  }
  if (reorder)
    result.getOrAddProperties<Properties>().allow_reorder = builder.getUnitAttr();
  if (efficient)
    result.getOrAddProperties<Properties>().efficient_layout = builder.getUnitAttr();
  if (parser.parseColonType(sourceType) || parser.parseArrow() || parser.parseType(resultType) ||
      parser.resolveOperand(source, sourceType, result.operands))
    return failure();
  result.addTypes(resultType);
  return success();
}

void ReshapeOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getSrc();
  if (getAllowReorder())
    printer << " allow_reorder";
  if (getEfficientLayout())
    printer << " efficient_layout";
  printer.printOptionalAttrDict((*this)->getAttrs(), {getAllowReorderAttrName(), getEfficientLayoutAttrName()});
  printer << " : " << getSrc().getType() << " -> " << getType();
}

// ---- tt.assert -----------------------------------------------------------------------------------------------------

// 3.0 and 3.1 print `%c, "message", "file", "function", line : type`; the location says the same.
ParseResult AssertOp::parse(OpAsmParser &parser, OperationState &result) {
  OpAsmParser::UnresolvedOperand condition;
  Type type;
  std::string message;
  if (parser.parseOperand(condition) || parser.parseComma() || parser.parseString(&message))
    return failure();
  if (succeeded(parser.parseOptionalComma())) {
    std::string file, function;
    int64_t line = 0;
    if (parser.parseString(&file) || parser.parseComma() || parser.parseString(&function) || parser.parseComma() ||
        parser.parseInteger(line))
      return failure();
  }
  if (parser.parseOptionalAttrDict(result.attributes) || parser.parseColonType(type) ||
      parser.resolveOperand(condition, type, result.operands))
    return failure();
  result.getOrAddProperties<Properties>().message = parser.getBuilder().getStringAttr(message);
  return success();
}

void AssertOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getCondition() << ", " << getMessageAttr();
  printer.printOptionalAttrDict((*this)->getAttrs(), {getMessageAttrName()});
  printer << " : " << getCondition().getType();
}

// ---- tt.dot_scaled -------------------------------------------------------------------------------------------------

namespace {

struct ScaledOperand {
  OpAsmParser::UnresolvedOperand operand;
  std::optional<OpAsmParser::UnresolvedOperand> scale;
  Type type, scaleType;
};

ParseResult parseElemType(OpAsmParser &parser, StringRef keyword, ScaleDotElemTypeAttr &attribute) {
  StringRef name;
  if (parser.parseKeyword(keyword) || parser.parseEqual())
    return failure();
  SMLoc location = parser.getCurrentLocation();
  if (parser.parseKeyword(&name))
    return failure();
  std::optional<ScaleDotElemType> type = symbolizeScaleDotElemType(name);
  if (!type)
    return parser.emitError(location, "'") << name << "' is not an element type of a scaled product";
  attribute = ScaleDotElemTypeAttr::get(parser.getContext(), *type);
  return success();
}

ParseResult parseScaledType(OpAsmParser &parser, ScaledOperand &operand) {
  SMLoc location = parser.getCurrentLocation();
  if (parser.parseType(operand.type))
    return failure();
  if (succeeded(parser.parseOptionalComma())) {
    if (parser.parseType(operand.scaleType))
      return failure();
  }
  if (bool(operand.scaleType) != operand.scale.has_value())
    return parser.emitError(location, "a scale and its type must both be given or both be left out");
  return success();
}

} // namespace

// 3.3 on: `%a scale %as, %b scale %bs, %c lhs = ..`, both scales optional. 3.2: `%a, %as, %b[, %bs], %c lhs = ..`.
ParseResult DotScaledOp::parse(OpAsmParser &parser, OperationState &result) {
  SMLoc location = parser.getCurrentLocation();
  SmallVector<ScaledOperand, 5> list;
  bool hasKeyword = false;
  do {
    ScaledOperand &item = list.emplace_back();
    if (parser.parseOperand(item.operand))
      return failure();
    if (succeeded(parser.parseOptionalKeyword("scale"))) {
      hasKeyword = true;
      if (parser.parseOperand(item.scale.emplace()))
        return failure();
    }
  } while (list.size() < 6 && succeeded(parser.parseOptionalComma()));
  if (!hasKeyword && (list.size() == 4 || list.size() == 5)) {
    list[0].scale = list[1].operand;
    list.erase(list.begin() + 1);
    if (list.size() == 4) {
      list[1].scale = list[2].operand;
      list.erase(list.begin() + 2);
    }
  }
  if (list.size() != 3 || list[2].scale)
    return parser.emitError(location, "expected two operands, each with an optional scale, and an accumulator");

  ScaledOperand &a = list[0], &b = list[1];
  auto &properties = result.getOrAddProperties<Properties>();
  Type type;
  SMLoc attributesLocation;
  if (parseElemType(parser, "lhs", properties.a_elem_type) || parseElemType(parser, "rhs", properties.b_elem_type) ||
      parser.getCurrentLocation(&attributesLocation) || parser.parseOptionalAttrDict(result.attributes) ||
      parser.parseColon() || parseScaledType(parser, a) || parser.parseStar() || parseScaledType(parser, b) ||
      parser.parseArrow() || parser.parseType(type))
    return failure();
  if (!result.attributes.get("fastMath"))
    properties.fastMath = parser.getBuilder().getBoolAttr(false);
  if (failed(verifyInherentAttrs(result.name, result.attributes, [&] {
        return parser.emitError(attributesLocation) << "'" << result.name.getStringRef() << "' op ";
      })))
    return failure();

  if (parser.resolveOperand(a.operand, a.type, result.operands) ||
      parser.resolveOperand(b.operand, b.type, result.operands) ||
      parser.resolveOperand(list[2].operand, type, result.operands))
    return failure();
  for (ScaledOperand *operand : {&a, &b})
    if (operand->scale && parser.resolveOperand(*operand->scale, operand->scaleType, result.operands))
      return failure();
  properties.operandSegmentSizes = {1, 1, 1, a.scale ? 1 : 0, b.scale ? 1 : 0};
  result.addTypes(type);
  return success();
}

void DotScaledOp::print(OpAsmPrinter &printer) {
  auto printOperand = [&](Value operand, Value scale) {
    printer << ' ' << operand;
    if (scale)
      printer << " scale " << scale;
    printer << ',';
  };
  auto printType = [&](Value operand, Value scale) {
    printer << ' ' << operand.getType();
    if (scale)
      printer << ", " << scale.getType();
  };
  printOperand(getA(), getAScale());
  printOperand(getB(), getBScale());
  printer << ' ' << getC() << " lhs = " << stringifyScaleDotElemType(getAElemType())
          << " rhs = " << stringifyScaleDotElemType(getBElemType());
  SmallVector<StringRef> elided = {"operandSegmentSizes", getAElemTypeAttrName(), getBElemTypeAttrName()};
  if (getLhsKPack())
    elided.push_back(getLhsKPackAttrName());
  if (getRhsKPack())
    elided.push_back(getRhsKPackAttrName());
  printer.printOptionalAttrDict((*this)->getAttrs(), elided);
  printer << " :";
  printType(getA(), getAScale());
  printer << " *";
  printType(getB(), getBScale());
  printer << " -> " << getType();
}

} // namespace rblnc::tt
