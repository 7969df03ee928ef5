// Folding, canonical forms and elimination of common subexpressions.
#include "Simplify.h"

#include "Booleans.h"
#include "Folding.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include "llvm/ADT/SmallPtrSet.h"

using namespace mlir;

namespace rblnc::frontend {

/// The canonical forms of the operations that occur, and no others: building the patterns of every loaded dialect takes
/// longer than applying them to a kernel.
static FrozenRewritePatternSet patternsFor(Operation *op) {
  MLIRContext *context = op->getContext();
  RewritePatternSet patterns(context);
  llvm::SmallPtrSet<void *, 32> seen;
  auto add = [&](OperationName name) {
    if (!seen.insert(name.getAsOpaquePointer()).second)
      return;
    // A loop is reported as the user wrote it, also when it could be unrolled or peeled.
    if (name.getStringRef() == scf::ForOp::getOperationName() ||
        name.getStringRef() == scf::WhileOp::getOperationName())
      return;
    if (std::optional<RegisteredOperationName> known = name.getRegisteredInfo())
      known->getCanonicalizationPatterns(patterns, context);
  };
  // Patterns of conditions and branches make selects.
  add(OperationName(arith::SelectOp::getOperationName(), context));
  op->walk([&](Operation *inner) {
    if (!computesFloats(inner))
      add(inner->getName());
  });
  populateFoldPatterns(patterns);
  addBooleanPatterns(patterns);
  return FrozenRewritePatternSet(std::move(patterns));
}

/// Rewrites per operation. A kernel needs fewer than one; what needs more is going in circles.
static constexpr int64_t maxRewrites = 64;

void canonicalise(Operation *op) {
  int64_t count = 0;
  op->walk([&](Operation *) { ++count; });
  GreedyRewriteConfig config;
  config.setUseTopDownTraversal(true)
      .enableFolding(false)
      .setRegionSimplificationLevel(GreedySimplifyRegionLevel::Normal)
      .setMaxNumRewrites(maxRewrites * (count + 16));
  // A fixed point that is not reached within the default number of rounds is no error: what is left is correct.
  (void)applyPatternsGreedily(op, patternsFor(op), config);
  hoistConstants(op);
}

void simplify(Operation *op) {
  canonicalise(op);
  IRRewriter rewriter(op->getContext());
  DominanceInfo dominance(op);
  eliminateCommonSubExpressions(rewriter, dominance, op);
}

} // namespace rblnc::frontend
