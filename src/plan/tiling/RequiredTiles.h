// Which slots have to run each operation of a kernel, so that everything that is stored is computed.
#pragma once

#include "Partition.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/BitVector.h"

namespace rblnc::plan {

class RequiredTiles {
public:
  RequiredTiles(mlir::func::FuncOp kernel, const Partition &partition, int64_t engines);

  /// The numbers of the slots that run an operation which is no branch.
  const llvm::BitVector &of(mlir::Operation *op) const;
  /// The numbers of the slots that need a branch's result.
  const llvm::BitVector &ofResult(mlir::Value result) const;
  /// The slot that makes indices and conditions, which all share.
  static constexpr Slot processor{};

private:
  void visit(mlir::Block &block);
  void require(mlir::Value value, Slot holder);
  void requireFor(mlir::Operation *op, mlir::Value value, Slot slot);

  const Partition &partition;
  unsigned slots;
  llvm::BitVector none;
  llvm::DenseMap<mlir::Operation *, llvm::BitVector> demands;
  llvm::DenseMap<mlir::Value, llvm::BitVector> ofResults;
};

} // namespace rblnc::plan
