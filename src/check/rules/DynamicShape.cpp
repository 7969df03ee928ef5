// RBLN-C008: block pointers whose array has extents or strides that are known only when the kernel runs.
#include "rblnc/triton/Dialect.h"

#include "llvm/ADT/SetVector.h"

#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {
namespace {

struct Unknowns {
  /// "shape[1]", "strides[0]".
  llvm::SmallVector<std::string> places;
  llvm::SetVector<mlir::BlockArgument> arguments;
  bool fromMemory = false;
};

void collect(mlir::OperandRange values, llvm::StringRef what, Unknowns &unknowns) {
  for (auto [axis, value] : llvm::enumerate(values)) {
    if (constantInt(value))
      continue;
    Origins origins = originsOf(value);
    unknowns.places.push_back(what.str() + "[" + std::to_string(axis) + "]");
    unknowns.arguments.insert(origins.arguments.begin(), origins.arguments.end());
    unknowns.fromMemory |= !origins.loads.empty();
  }
}

} // namespace

void dynamicShape(mlir::Operation *op, Context &context) {
  auto pointer = mlir::cast<tt::MakeTensorPtrOp>(op);
  Unknowns unknowns;
  collect(pointer.getShape(), "shape", unknowns);
  collect(pointer.getStrides(), "strides", unknowns);
  if (unknowns.places.empty())
    return;

  llvm::SmallVector<std::string> names;
  std::string bindings;
  for (mlir::BlockArgument argument : unknowns.arguments) {
    names.push_back(argumentText(argument));
    bindings += " --bind " + argumentName(argument) + "=VALUE";
  }
  Finding finding;
  finding.subject = listText(unknowns.places);
  finding.message = "the block pointer's " + listText(unknowns.places) + (unknowns.places.size() > 1 ? " are" : " is") +
                    " known only when the kernel runs: ";
  if (!names.empty())
    finding.message += std::string("through the ") + (names.size() > 1 ? "arguments " : "argument ") + listText(names);
  else
    finding.message += unknowns.fromMemory ? "from a value in memory" : "from a computed value";
  if (names.empty() || unknowns.fromMemory)
    finding.fix = "make the extents and strides tl.constexpr parameters";
  else
    finding.fix = "declare " + listText(names) + " as tl.constexpr, or compile with" + bindings;
  context.report(op, std::move(finding));
}

} // namespace rblnc::rules
