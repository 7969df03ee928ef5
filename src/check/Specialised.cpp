// The form of calls of RBLN's specialised operations.
#include "rblnc/check/Specialised.h"

#include "Describe.h"

#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <array>

using namespace mlir;

namespace rblnc {
namespace {

constexpr auto table = std::to_array<SpecialisedOp>({
#define RBLNC_SPECIALISED(name, operands, results, constants, usage)                                                   \
  SpecialisedOp{name, operands, results, constants, usage},
#include "SpecialisedOps.def"
#undef RBLNC_SPECIALISED
});

/// The version of the calling convention that this compiler speaks.
constexpr int64_t conventionVersion = 1;

tt::FuncOp declarationOf(tt::CallOp call) {
  return SymbolTable::lookupNearestSymbolFrom<tt::FuncOp>(call, call.getCalleeAttr());
}

std::optional<int64_t> constantOf(tt::FuncOp declaration, llvm::StringRef name) {
  auto number = declaration->getAttrOfType<IntegerAttr>(("rblib." + name).str());
  if (!number || !number.getType().isInteger(32))
    return std::nullopt;
  return number.getInt();
}

const char *kindName(char kind) {
  switch (kind) {
  case 'p':
    return "a block pointer";
  case 't':
    return "a tensor";
  case 'i':
    return "an index (int32)";
  default:
    return "a boolean";
  }
}

bool isOfKind(Type type, char kind) {
  switch (kind) {
  case 'p': {
    auto pointer = dyn_cast<tt::PointerType>(type);
    auto block = pointer ? dyn_cast<RankedTensorType>(pointer.getPointeeType()) : RankedTensorType();
    return block && block.hasStaticShape();
  }
  case 't': {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && tensor.hasStaticShape() && !isa<tt::PointerType>(tensor.getElementType());
  }
  case 'i':
    return type.isInteger(32);
  default:
    return type.isInteger(1);
  }
}

RankedTensorType blockOf(Value pointer) {
  return cast<RankedTensorType>(cast<tt::PointerType>(pointer.getType()).getPointeeType());
}

class FormChecker {
public:
  FormChecker(tt::CallOp call, const SpecialisedOp &op) : call(call), op(op), declaration(declarationOf(call)) {}

  std::optional<FormError> run() {
    if (!declaration || !declaration.isExternal())
      return fail("has a function with a body", "declare the function without one");
    std::optional<int64_t> version = constantOf(declaration, "version");
    if (version != conventionVersion)
      return FormError{"rblib." + std::string(op.name) + " was written for version " +
                           (version ? std::to_string(*version) : std::string("(none)")) +
                           " of the calling convention; this compiler takes version " +
                           std::to_string(conventionVersion),
                       "use the rblnc package and the compiler of one release"};
    for (auto check : {&FormChecker::checkOperands, &FormChecker::checkResults, &FormChecker::checkConstants,
                       &FormChecker::checkMemory})
      if (std::optional<FormError> error = (this->*check)())
        return error;
    return std::nullopt;
  }

private:
  std::optional<FormError> fail(std::string what, std::string fix = {}) {
    return FormError{"rblib." + std::string(op.name) + " " + std::move(what),
                     fix.empty() ? "call it as " + std::string(op.usage) : std::move(fix)};
  }

  std::optional<FormError> checkOperands() {
    std::string kinds;
    size_t required = op.operands.size();
    for (char kind : op.operands)
      if (kind == '[')
        required = kinds.size();
      else
        kinds += kind;
    size_t given = call.getNumOperands();
    if (given < required || given > kinds.size())
      return fail("takes " + std::to_string(kinds.size()) + " operands, not " + std::to_string(given));
    for (size_t i = 0; i < given; ++i)
      if (!isOfKind(call.getOperand(i).getType(), kinds[i]))
        return fail("takes " + std::string(kindName(kinds[i])) + " as operand " + std::to_string(i) + ", not " +
                    rules::typeText(call.getOperand(i).getType()));
    // An index that may be left out brings the axis that it counts along.
    hasAxis = op.operands.find("[i") == std::string_view::npos || given == kinds.size();
    return std::nullopt;
  }

  std::optional<FormError> checkResults() {
    if (call.getNumResults() != op.results.size())
      return fail("gives " + std::to_string(op.results.size()) + " results, not " +
                  std::to_string(call.getNumResults()));
    for (auto [result, kind] : llvm::zip(call.getResults(), op.results))
      if (!isOfKind(result.getType(), kind))
        return fail("gives " + std::string(kindName(kind)) + ", not " + rules::typeText(result.getType()));
    return std::nullopt;
  }

  std::optional<FormError> checkConstants() {
    llvm::SmallVector<llvm::StringRef> names;
    llvm::StringRef(op.constants).split(names, ' ', -1, /*KeepEmpty=*/false);
    if (!hasAxis)
      llvm::erase(names, "axis");
    for (llvm::StringRef name : names)
      if (!constantOf(declaration, name))
        return fail("lacks the constant '" + name.str() + "'");
    for (NamedAttribute attribute : declaration->getDiscardableAttrs()) {
      llvm::StringRef name = attribute.getName().strref();
      if (name.consume_front("rblib.") && name != "version" && !llvm::is_contained(names, name))
        return fail("has no constant '" + name.take_front(64).str() + "'");
    }
    for (auto [name, least] : {std::pair("max", -1), {"size", 1}, {"window_size", 1}, {"low", 0}, {"high", 0}})
      if (std::optional<int64_t> value = constantOf(declaration, name); value && *value < least)
        return fail("has " + std::string(name) + " " + std::to_string(*value),
                    "use " + std::to_string(least) + " or more" + (least < 0 ? " (-1: no bound)" : ""));
    if (!llvm::is_contained(names, "axis"))
      return std::nullopt;
    int64_t axis = *constantOf(declaration, "axis");
    auto block =
        op.operands.front() == 'p' ? blockOf(call.getOperand(0)) : cast<RankedTensorType>(call.getOperand(0).getType());
    if (axis < 0 || axis >= block.getRank())
      return fail("has axis " + std::to_string(axis) + " for a block of rank " + std::to_string(block.getRank()),
                  "use an axis from 0 to " + std::to_string(block.getRank() - 1));
    return std::nullopt;
  }

  /// What moves through a block pointer has the block's type.
  std::optional<FormError> checkMemory() {
    if (op.operands.front() != 'p')
      return std::nullopt;
    RankedTensorType block = blockOf(call.getOperand(0));
    if (op.name == "to_dynamic_index") {
      Type element = block.getElementType();
      if (block.getNumElements() == 1 && block.getRank() >= 1 && block.getRank() <= 2 &&
          (element.isInteger(16) || element.isInteger(32) || element.isInteger(64)))
        return std::nullopt;
      return fail("reads " + rules::typeText(block) + ", which is not one integer",
                  "give it a block pointer with block_shape=(1,) or (1, 1) into an int32 (or int16) tensor");
    }
    Type moved = op.results.empty() ? call.getOperand(1).getType() : call.getResult(0).getType();
    if (moved == block)
      return std::nullopt;
    return fail("moves " + rules::typeText(moved) + " through a pointer to " + rules::typeText(block),
                "make the value and the pointer's block_shape the same");
  }

  tt::CallOp call;
  const SpecialisedOp &op;
  tt::FuncOp declaration;
  bool hasAxis = true;
};

} // namespace

llvm::StringRef specialisedName(llvm::StringRef symbol) {
  return symbol.consume_front("rblib.") ? symbol.split('.').first : llvm::StringRef();
}

llvm::StringRef specialisedName(tt::CallOp call) { return specialisedName(call.getCallee()); }

const SpecialisedOp *findSpecialised(llvm::StringRef name) {
  const auto *op = llvm::find_if(table, [&](const SpecialisedOp &row) { return llvm::StringRef(row.name) == name; });
  return op == table.end() ? nullptr : op;
}

const SpecialisedOp *nearestSpecialised(llvm::StringRef name) {
  const SpecialisedOp *best = nullptr;
  unsigned bestDistance = 4;
  for (const SpecialisedOp &row : table)
    if (unsigned distance = name.take_front(64).edit_distance(row.name, true, bestDistance); distance < bestDistance) {
      best = &row;
      bestDistance = distance;
    }
  return best;
}

std::optional<int64_t> specialisedConstant(tt::CallOp call, llvm::StringRef name) {
  tt::FuncOp declaration = declarationOf(call);
  return declaration ? constantOf(declaration, name) : std::nullopt;
}

std::optional<FormError> checkSpecialisedForm(tt::CallOp call, const SpecialisedOp &op) {
  return FormChecker(call, op).run();
}

} // namespace rblnc
