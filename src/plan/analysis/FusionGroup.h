// Groups of element-wise operations and reductions that become one vector program.
#pragma once

#include "View.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"

namespace rblnc::plan {

/// A value inside an open group: element [i…] of the tensor is element [j…] of `base`, where j_d is i_{dims[d]}, or 0
/// where dims[d] is -1.
struct GroupRef {
  mlir::Value base;
  llvm::SmallVector<int, 6> dims;
};

/// Operations over one index space: `shape`, with rows along `axis` once a reduction has joined. Its values have that
/// shape, or extent 1 at `axis` (row scalars).
struct FusionGroup {
  Extents shape;
  int axis = -1;
  /// All members run on one engine.
  int64_t engine = 0;
  llvm::SetVector<mlir::Operation *> members;

  bool isRowScalar(mlir::Value value) const;
};

/// How an operation sees its index space: the shape that it runs over, and whether it runs once a row.
struct Fit {
  int axis = -1;
  bool rowScalar = false;
};

/// Whether `op` (an element-wise linalg.generic or an rbln.reduce) can run inside a group of this shape and axis, given
/// what its operands refer to. `refs` has an entry for each operand, null where it lies outside the group.
std::optional<Fit> fits(mlir::Operation *op, const FusionGroup &group, llvm::ArrayRef<const GroupRef *> refs);

/// A linalg.generic without reduction loops whose single result is indexed by the identity.
bool isElementwise(mlir::linalg::GenericOp op);
/// An element-wise operation that only yields one of its inputs: a transpose, broadcast or copy.
bool isDataMovement(mlir::linalg::GenericOp op);

/// The indexing map of operand `index` of an element-wise operation or a reduction.
mlir::AffineMap operandMap(mlir::Operation *op, unsigned index);
/// The tensors that a group member reads (a linalg.generic's inputs, a reduction's inputs).
mlir::OperandRange inputsOf(mlir::Operation *op);

} // namespace rblnc::plan
