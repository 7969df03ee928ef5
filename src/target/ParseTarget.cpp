// Reads a target description from JSON.
#include "Figures.h"

#include "rblnc/support/Error.h"
#include "rblnc/support/Json.h"

#include <cmath>
#include <fmt/format.h>

namespace rblnc {
namespace {

class Parser {
public:
  Parser(llvm::StringRef origin) : origin(origin) {}

  llvm::Error parse(const llvm::json::Object &object, Target &target) {
    for (auto &[key, value] : object)
      if (key != "schema" && key != "name" && key != "product" && key != "figures")
        return fail(fmt::format("there is no field '{}'", key.str()));
    if (const llvm::json::Value *schema = object.get("schema"); schema && schema->getAsInteger() != 1)
      return fail("its 'schema' is not 1, which is the only one that is known");
    std::optional<llvm::StringRef> name = object.getString("name"), product = object.getString("product");
    if (!name || name->empty() || !product)
      return fail("it needs the strings 'name' and 'product'");
    target.name = name->str();
    target.product = product->str();
    const llvm::json::Object *figures = object.getObject("figures");
    if (!figures)
      return fail("it needs the object 'figures'");
    for (const FigureRow &row : figureRows)
      if (llvm::Error error = parseFigure(*figures, row, target))
        return error;
    for (auto &[key, value] : *figures)
      if (llvm::none_of(target.figures, [&](const TargetFigure &figure) { return figure.key == key.str(); }))
        return fail(fmt::format("there is no figure '{}'", key.str()));
    return llvm::Error::success();
  }

  llvm::Error fail(std::string what) {
    return makeError(Code::I051, fmt::format("target description {} is not valid: {}", origin.str(), what));
  }

private:
  /// The figure's object, with its source checked.
  llvm::Expected<const llvm::json::Object *> find(const llvm::json::Object &figures, llvm::StringRef key) {
    const llvm::json::Object *figure = figures.getObject(key);
    if (!figure || !figure->get("value"))
      return fail(fmt::format("figure '{}' is missing", key.str()));
    std::optional<llvm::StringRef> source = figure->getString("source");
    if (!source || source->empty())
      return fail(fmt::format("figure '{}' needs a source (or \"assumed: why\")", key.str()));
    return figure;
  }

  llvm::Error parseFigure(const llvm::json::Object &figures, const FigureRow &row, Target &target) {
    if (row.otherwise && !figures.get(row.key)) {
      setNumber(target, row, *row.otherwise, "assumed: not in the description, so as on the known chips");
      return llvm::Error::success();
    }
    llvm::Expected<const llvm::json::Object *> figure = find(figures, row.key);
    if (!figure)
      return figure.takeError();
    std::string source = (*figure)->getString("source")->str();
    if (auto *field = std::get_if<ComputeDType Target::*>(&row.field)) {
      std::optional<llvm::StringRef> name = (*figure)->getString("value");
      std::optional<ComputeDType> dtype = name ? computeDTypeOf(*name) : std::nullopt;
      if (!dtype)
        return fail(fmt::format("figure '{}' must be \"dlf16\" or \"bf16\"", row.key.str()));
      target.**field = *dtype;
      target.figures.push_back({row.key.str(), name->str(), source});
      return llvm::Error::success();
    }
    std::optional<double> value = (*figure)->getNumber("value");
    // The negated comparison also refuses NaN.
    if (!value || !(*value >= row.least && *value <= row.greatest))
      return fail(fmt::format("figure '{}' must be a number from {} to {}", row.key.str(), row.least, row.greatest));
    if (!std::holds_alternative<double Target::*>(row.field) && *value != std::floor(*value))
      return fail(fmt::format("figure '{}' must be a whole number", row.key.str()));
    setNumber(target, row, *value, std::move(source));
    return llvm::Error::success();
  }

  /// A value that the row's field holds.
  static void setNumber(Target &target, const FigureRow &row, double value, std::string source) {
    std::string text = fmt::format("{}", static_cast<int64_t>(value));
    if (auto *field32 = std::get_if<uint32_t Target::*>(&row.field)) {
      target.**field32 = static_cast<uint32_t>(value);
    } else if (auto *field64 = std::get_if<int64_t Target::*>(&row.field)) {
      target.**field64 = static_cast<int64_t>(value);
    } else {
      target.*std::get<double Target::*>(row.field) = value;
      text = fmt::format("{}", value);
    }
    target.figures.push_back({row.key.str(), text, std::move(source)});
  }

  llvm::StringRef origin;
};

} // namespace

llvm::StringRef nameOf(ComputeDType dtype) { return dtype == ComputeDType::dlf16 ? "dlf16" : "bf16"; }

std::optional<ComputeDType> computeDTypeOf(llvm::StringRef name) {
  for (ComputeDType dtype : {ComputeDType::dlf16, ComputeDType::bf16})
    if (name == nameOf(dtype))
      return dtype;
  return std::nullopt;
}

llvm::Expected<Target> parseTarget(llvm::StringRef json, llvm::StringRef origin) {
  Parser parser(origin);
  // A description is three levels deep.
  constexpr size_t maxBytes = 1 << 20, maxDepth = 16;
  if (json.size() > maxBytes)
    return parser.fail("it is larger than 1 MiB");
  llvm::Expected<llvm::json::Value> value = parseJson(json, maxDepth);
  if (!value)
    return parser.fail(llvm::toString(value.takeError()));
  const llvm::json::Object *object = value->getAsObject();
  if (!object)
    return parser.fail("it is not a JSON object");
  Target target;
  if (llvm::Error error = parser.parse(*object, target))
    return error;
  return target;
}

} // namespace rblnc
