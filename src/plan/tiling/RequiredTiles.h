// Which workers have to run each operation of a kernel, so that everything that is stored is computed.
#pragma once

#include "Partition.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/BitVector.h"

namespace rblnc::plan {

class RequiredTiles {
public:
  RequiredTiles(mlir::func::FuncOp kernel, const Partition &partition, int64_t engines);

  /// The numbers of the workers that run an operation which is no branch.
  const llvm::BitVector &of(mlir::Operation *op) const;
  /// The numbers of the workers that need a branch's result.
  const llvm::BitVector &ofResult(mlir::Value result) const;
  /// The worker that makes indices and conditions, which all share.
  static constexpr Worker processor{};

private:
  void visit(mlir::Block &block);
  void require(mlir::Value value, Worker holder);
  void requireFor(mlir::Operation *op, mlir::Value value, Worker worker);

  const Partition &partition;
  unsigned workers;
  llvm::BitVector none;
  llvm::DenseMap<mlir::Operation *, llvm::BitVector> demands;
  llvm::DenseMap<mlir::Value, llvm::BitVector> ofResults;
};

} // namespace rblnc::plan
