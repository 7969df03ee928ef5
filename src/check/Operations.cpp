// The tables of operations and of library functions, and the look-ups in them.
#include "rblnc/check/Operations.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/TypeUtilities.h"

#include <algorithm>
#include <array>

namespace rblnc {
namespace {

constexpr auto byName(auto rows) {
  std::sort(rows.begin(), rows.end(), [](const auto &a, const auto &b) { return a.name < b.name; });
  return rows;
}

constexpr auto operations = byName(std::to_array<OperationInfo>({
#define RBLNC_TAKEN(name, python) OperationInfo{name, python, ""},
#define RBLNC_REFUSED(name, python, fix) OperationInfo{name, python, fix},
#define RBLNC_SCALAR_OP(name, operands, rule, ir, python) OperationInfo{ir, python, ""},
#include "Operations.def"
#include "rblnc/support/ScalarOps.def"
#undef RBLNC_TAKEN
#undef RBLNC_REFUSED
}));

constexpr auto libraryFunctions = byName(std::to_array<LibraryFunction>({
#define RBLNC_LIBRARY_FUNCTION(name, types, meaning) LibraryFunction{name, types, meaning, ""},
#define RBLNC_LIBRARY_REFUSED(name, why) LibraryFunction{name, "", "", why},
#include "LibrarySymbols.def"
#undef RBLNC_LIBRARY_FUNCTION
#undef RBLNC_LIBRARY_REFUSED
}));

const auto *find(const auto &rows, std::string_view name) {
  auto row = std::lower_bound(rows.begin(), rows.end(), name,
                              [](const auto &candidate, std::string_view wanted) { return candidate.name < wanted; });
  return row != rows.end() && row->name == name ? &*row : nullptr;
}

} // namespace

const OperationInfo *findOperation(std::string_view name) {
  const OperationInfo *row = find(operations, name);
  return row && !row->python.empty() ? row : nullptr;
}

const LibraryFunction *findLibraryFunction(std::string_view symbol) {
  for (std::string_view prefix : {"__nv_", "__ocml_", "__triton_hip_"})
    if (symbol.starts_with(prefix))
      symbol.remove_prefix(prefix.size());
  // libdevice marks float32 by a trailing f, the AMD library by _f32.
  if (const LibraryFunction *row = find(libraryFunctions, symbol))
    return row;
  for (std::string_view suffix : {"_f32", "f"})
    if (symbol.ends_with(suffix))
      if (const LibraryFunction *row = find(libraryFunctions, symbol.substr(0, symbol.size() - suffix.size())))
        return row;
  return nullptr;
}

mlir::Type libraryTypeOf(char letter, mlir::MLIRContext *context) {
  switch (letter) {
  case 'f':
    return mlir::Float32Type::get(context);
  case 's':
    return mlir::IntegerType::get(context, 16);
  case 'i':
    return mlir::IntegerType::get(context, 32);
  default:
    return mlir::IntegerType::get(context, 64);
  }
}

std::string libraryTypesOf(mlir::Operation *op) {
  auto letter = [&](mlir::Type type) {
    for (char letter : {'f', 's', 'i', 'l'})
      if (mlir::getElementTypeOrSelf(type) == libraryTypeOf(letter, op->getContext()))
        return letter;
    return '?';
  };
  std::string types(1, letter(op->getResult(0).getType()));
  types += '(';
  for (mlir::Type type : op->getOperandTypes())
    types += letter(type);
  return types + ')';
}

} // namespace rblnc
