// Dynamic indices whose value is only computed with, so that no use of them as an index checks their range.
#pragma once

#include "mlir/IR/PatternMatch.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

#include <vector>

namespace rblnc::lower {

/// A dynamic index as it was read.
struct DynamicScalar {
  /// What computes with it.
  mlir::Value scalar;
  /// The integer in the width of its array; must lie in 0..max.
  mlir::Value source;
  int64_t max;
  mlir::Location loc;
};

/// Follows dynamic indices through clean-ups of the lowered kernel, and checks those that are left unchecked.
class IndexChecks : public mlir::RewriterBase::Listener {
public:
  explicit IndexChecks(std::vector<DynamicScalar> scalars);

  void notifyOperationReplaced(mlir::Operation *op, mlir::ValueRange replacement) override;
  void notifyOperationErased(mlir::Operation *op) override;

  /// Adds an rbln.to_index for each index that is computed with, unless one stands in the same block.
  void add(mlir::OpBuilder &builder);

private:
  /// Those whose operations are gone have no `scalar`.
  std::vector<DynamicScalar> scalars;
  /// By operation: the positions of those whose scalar or source is a result of it.
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<size_t, 2>> numbersOf;
};

} // namespace rblnc::lower
