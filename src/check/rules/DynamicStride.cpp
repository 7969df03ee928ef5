// RBLN-C008: pointer arithmetic with a stride that is known only when the kernel runs. This is also what a block
// pointer with such strides is after Triton's own passes.
#include "Access.h"
#include "Describe.h"
#include "Rule.h"

#include "rblnc/triton/Dialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include "llvm/ADT/SmallPtrSet.h"

namespace rblnc::rules {
namespace {

/// The run-time factor of the index behind `offset`; null when there is none.
mlir::Value findFactor(mlir::Value offset, const Facts &facts) {
  llvm::SmallPtrSet<mlir::Operation *, 16> seen;
  llvm::SmallVector<mlir::Value> work{offset};
  while (!work.empty()) {
    mlir::Value value = work.pop_back_val();
    mlir::Operation *op = value.getDefiningOp();
    if (!op || !facts.has(value, Fact::RunTimeStride) || !seen.insert(op).second)
      continue;
    if (mlir::isa<mlir::arith::MulIOp>(op))
      for (mlir::Value factor : op->getOperands())
        if (facts.has(factor, Fact::Input) && !facts.has(factor, Fact::Range))
          return factor;
    work.append(op->operand_begin(), op->operand_end());
  }
  return {};
}

/// The first factor on the way from a block of pointers to its base.
mlir::Value findFactorBehind(mlir::Value pointer, const Facts &facts) {
  while (mlir::Operation *op = pointer.getDefiningOp()) {
    if (auto addition = mlir::dyn_cast<tt::AddPtrOp>(op)) {
      if (mlir::Value factor = findFactor(addition.getOffset(), facts))
        return factor;
    } else if (!mlir::isa<tt::BroadcastOp, tt::ExpandDimsOp, tt::ReshapeOp, tt::TransOp, tt::BitcastOp>(op)) {
      return {};
    }
    pointer = op->getOperand(0);
  }
  return {};
}

} // namespace

void dynamicStride(mlir::Operation *op, Context &context) {
  Access access = accessOf(op, context.facts);
  mlir::Value factor = findFactorBehind(access.pointer, context.facts);
  if (!factor)
    return;
  Origins origins = originsOf(factor);
  llvm::SmallVector<std::string> names;
  std::string bindings;
  for (mlir::BlockArgument argument : origins.arguments) {
    names.push_back(argumentText(argument));
    bindings += " --bind " + argumentName(argument) + "=VALUE";
  }
  bool canBind = !names.empty() && origins.loads.empty();
  context.report(op, {access.verb() + " " + typeText(access.type) + " of " + access.arrayText() +
                          ", whose stride is known only when the kernel runs: it is " + scalarText(factor),
                      canBind ? "declare " + listText(names) + " as tl.constexpr, or compile with" + bindings
                              : "make the strides tl.constexpr parameters",
                      access.subject(),
                      {}});
}

} // namespace rblnc::rules
