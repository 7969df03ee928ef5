// RBLN-C001: loops that are left in the program.
#include "rblnc/triton/Dialect.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/SmallPtrSet.h"

#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {
namespace {

/// How often a loop with constant bounds runs.
std::optional<uint64_t> tripCount(mlir::scf::ForOp loop) {
  std::optional<int64_t> lower = constantInt(loop.getLowerBound()), upper = constantInt(loop.getUpperBound()),
                         step = constantInt(loop.getStep());
  if (!lower || !upper || !step || *step <= 0)
    return std::nullopt;
  if (*lower >= *upper)
    return 0;
  uint64_t distance = static_cast<uint64_t>(*upper) - static_cast<uint64_t>(*lower);
  return (distance - 1) / static_cast<uint64_t>(*step) + 1;
}

Finding forLoop(mlir::scf::ForOp loop) {
  Finding finding;
  finding.subject = "for";
  if (std::optional<uint64_t> count = tripCount(loop)) {
    finding.message = "the loop is left in the program although it always runs " + std::to_string(*count) +
                      (*count == 1 ? " time" : " times") + " (from " + scalarText(loop.getLowerBound()) + " to " +
                      scalarText(loop.getUpperBound()) + ", step " + scalarText(loop.getStep()) + ")";
    finding.fix = "write tl.static_range(...) in the place of range(...) or tl.range(...); it is unrolled while the "
                  "kernel is traced";
    return finding;
  }
  finding.message = "the number of turns of the loop is known only when the kernel runs: it goes from " +
                    scalarText(loop.getLowerBound()) + " to " + scalarText(loop.getUpperBound()) + ", step " +
                    scalarText(loop.getStep());
  finding.fix = "make the bounds tl.constexpr parameters and write tl.static_range(...)";
  return finding;
}

Finding whileLoop(mlir::scf::WhileOp loop) {
  Finding finding;
  finding.subject = "while";
  finding.message =
      "a while loop runs until a condition on " + scalarText(loop.getConditionOp().getCondition()) + " is false";
  finding.fix = "make the number of turns a tl.constexpr parameter and write for i in tl.static_range(TURNS)";
  return finding;
}

/// Terminators that jump back to a block that leads to them, by a depth-first search without recursion.
llvm::SmallVector<mlir::Operation *> backEdges(mlir::Region &region) {
  llvm::SmallVector<mlir::Operation *> found;
  llvm::SmallPtrSet<mlir::Block *, 16> visited, onPath;
  struct Step {
    mlir::Block *block;
    unsigned next = 0;
  };
  llvm::SmallVector<Step> path;
  auto enter = [&](mlir::Block *block) {
    visited.insert(block);
    onPath.insert(block);
    path.push_back({block});
  };
  enter(&region.front());
  while (!path.empty()) {
    Step &step = path.back();
    mlir::Operation *terminator = step.block->empty() ? nullptr : &step.block->back();
    if (!terminator || step.next == terminator->getNumSuccessors()) {
      onPath.erase(step.block);
      path.pop_back();
      continue;
    }
    mlir::Block *successor = terminator->getSuccessor(step.next++);
    if (onPath.contains(successor))
      found.push_back(terminator);
    else if (!visited.contains(successor))
      enter(successor);
  }
  return found;
}

} // namespace

void dynamicLoop(mlir::Operation *op, Context &context) {
  if (auto loop = mlir::dyn_cast<mlir::scf::ForOp>(op)) {
    context.report(op, forLoop(loop));
  } else if (auto loop = mlir::dyn_cast<mlir::scf::WhileOp>(op)) {
    context.report(op, whileLoop(loop));
  } else if (auto function = mlir::dyn_cast<tt::FuncOp>(op); function && !function.isExternal()) {
    for (mlir::Operation *jump : backEdges(function.getBody()))
      context.report(jump, {"the program jumps back to an earlier place, so it is a loop",
                            "make the number of turns a tl.constexpr parameter and write for i in "
                            "tl.static_range(TURNS)",
                            "jump",
                            {}});
  }
}

} // namespace rblnc::rules
