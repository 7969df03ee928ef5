// Dynamic indices whose value is only computed with, so that no use of them as an index checks their range.
#pragma once

#include "mlir/IR/PatternMatch.h"

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
  explicit IndexChecks(std::vector<DynamicScalar> scalars) : scalars(std::move(scalars)) {}

  void notifyOperationReplaced(mlir::Operation *op, mlir::ValueRange replacement) override;
  void notifyOperationErased(mlir::Operation *op) override;

  /// Adds an rbln.to_index for each index that is computed with, unless one stands in the same block.
  void add(mlir::OpBuilder &builder);

private:
  std::vector<DynamicScalar> scalars;
};

} // namespace rblnc::lower
