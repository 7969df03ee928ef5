// --bind: scalar arguments that become constants.
#include "RecordedShapes.h"
#include "Report.h"
#include "Signature.h"

#include "rblnc/lower/Lower.h"
#include "rblnc/support/Spelling.h"
#include "rblnc/triton/Location.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Error.h"

using namespace llvm;
using namespace mlir;

namespace rblnc {
namespace {

/// Decimal, or hexadecimal with 0x; as signed or as unsigned number of the type's width, since types are signless.
std::optional<APInt> parseInteger(StringRef text, unsigned width) {
  if (width == 1 && (text.equals_insensitive("true") || text.equals_insensitive("false")))
    return APInt(1, text.equals_insensitive("true"));
  bool negative = text.consume_front("-");
  unsigned radix = text.consume_front("0x") ? 16 : 10;
  APInt value;
  if (text.empty() || text.size() > 64 || text.getAsInteger(radix, value))
    return std::nullopt;
  value = value.zext(std::max(value.getBitWidth(), width) + 1);
  if (negative)
    value.negate();
  if (negative ? !value.isSignedIntN(width) : !value.isIntN(width))
    return std::nullopt;
  return value.trunc(width);
}

/// Whether the text is a decimal number: digits with at most one point among them, and perhaps an exponent. The parser
/// of floats asserts on some malformed text, so only this reaches it.
bool isDecimal(StringRef text) {
  auto digits = [&] {
    size_t count = text.find_if_not(isDigit);
    count = std::min(count, text.size());
    text = text.drop_front(count);
    return count;
  };
  (void)(text.consume_front("-") || text.consume_front("+"));
  size_t count = digits();
  if (text.consume_front("."))
    count += digits();
  if (count == 0)
    return false;
  if (text.consume_front_insensitive("e")) {
    (void)(text.consume_front("-") || text.consume_front("+"));
    if (digits() == 0)
      return false;
  }
  return text.empty();
}

/// A number that is finite in the type, rounded to the nearest; or inf or nan where the text says so.
std::optional<APFloat> parseFloat(StringRef text, const fltSemantics &semantics) {
  StringRef name = text;
  bool negative = name.consume_front("-");
  if (name.equals_insensitive("inf"))
    return APFloat::getInf(semantics, negative);
  if (name.equals_insensitive("nan"))
    return APFloat::getNaN(semantics, negative);
  if (text.size() > 64 || !isDecimal(text))
    return std::nullopt;
  APFloat value(semantics);
  Expected<APFloat::opStatus> status = value.convertFromString(text, APFloat::rmNearestTiesToEven);
  if (!status) {
    consumeError(status.takeError());
    return std::nullopt;
  }
  if (*status & (APFloat::opOverflow | APFloat::opInvalidOp))
    return std::nullopt;
  return value;
}

TypedAttr parseNumber(StringRef text, Type type) {
  if (auto integer = dyn_cast<IntegerType>(type)) {
    std::optional<APInt> value = parseInteger(text, integer.getWidth());
    return value ? IntegerAttr::get(type, *value) : TypedAttr();
  }
  auto number = dyn_cast<FloatType>(type);
  std::optional<APFloat> value = number ? parseFloat(text, number.getFloatSemantics()) : std::nullopt;
  return value ? FloatAttr::get(type, *value) : TypedAttr();
}

/// The one public function with a body; null where the rules will reject the module anyway.
tt::FuncOp soleEntry(ModuleOp module) {
  tt::FuncOp entry;
  for (auto function : module.getOps<tt::FuncOp>()) {
    if (!function.isPublic() || function.isExternal())
      continue;
    if (entry)
      return {};
    entry = function;
  }
  return entry;
}

} // namespace

LogicalResult bindArguments(ModuleOp module, const LowerOptions &options, Diagnostics &diagnostics) {
  tt::FuncOp kernel = options.binds.empty() ? tt::FuncOp() : soleEntry(module);
  if (!kernel)
    return success();
  if (!SymbolTable::symbolKnownUseEmpty(kernel, module)) {
    diagnostics.report(lower::errorAt(Code::C003, kernel, "the kernel is called like a helper",
                                      "give the kernel a function of its own to bind its arguments"));
    return failure();
  }
  Block &entry = kernel.getBody().front();
  std::vector<std::string> names = lower::argumentNames(entry);
  BitVector bound(entry.getNumArguments());
  OpBuilder builder = OpBuilder::atBlockBegin(&entry);
  LogicalResult result = success();
  auto report = [&](Code code, std::string message, std::vector<SourceFrame> frames, std::string fix) {
    diagnostics.report(code, std::move(message), std::move(frames), std::move(fix));
    result = failure();
  };
  for (const auto &[name, text] : options.binds) {
    auto found = llvm::find(names, name);
    if (found == names.end()) {
      report(Code::I010,
             "--bind names '" + name + "', which is no argument" + didYouMean(name, {names.begin(), names.end()}),
             framesOf(kernel.getLoc()), "the arguments are " + join(names, ", "));
      continue;
    }
    BlockArgument argument = entry.getArgument(found - names.begin());
    Type type = argument.getType();
    if (!type.isIntOrFloat()) {
      report(Code::I011, "--bind names '" + name + "', which is an array", framesOf(argument.getLoc()),
             "arrays are given to rblnc run; --shape declares their shape");
      continue;
    }
    TypedAttr value = parseNumber(text, type);
    if (!value) {
      report(Code::I012, "--bind " + name + "=" + text + " is no value of the argument's type " + lower::text(type),
             framesOf(argument.getLoc()), {});
      continue;
    }
    argument.replaceAllUsesWith(arith::ConstantOp::create(builder, argument.getLoc(), value));
    bound.set(argument.getArgNumber());
  }
  if (failed(result))
    return failure();
  // The others keep their names, which may come from their positions.
  for (auto [argument, name] : zip(entry.getArguments(), names))
    argument.setLoc(NameLoc::get(builder.getStringAttr(name), argument.getLoc()));
  lower::eraseRecordedShapes(kernel, bound);
  return kernel.eraseArguments(bound);
}

} // namespace rblnc
