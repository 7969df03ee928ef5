// What the choice of tilings knows of a kernel: the costs of its operations, and how long its values live.
#pragma once

#include "Partition.h"

#include "rblnc/target/CostModel.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace rblnc::plan {

/// What an operation costs as a whole: seconds of one engine without set-ups, and seconds of DRAM traffic.
struct OperationCost {
  mlir::Operation *op = nullptr;
  double engine = 0, loaded = 0, stored = 0;
  double setup = 0;    ///< seconds of one command of it, with what orders it; several element-wise ones are one command
  size_t position = 0; ///< in the kernel
  llvm::SmallVector<int, 4> classes;

  double seconds() const { return engine + loaded + stored; }
  bool has(int number) const { return llvm::is_contained(classes, number); }
};

class CostAnalysis {
public:
  CostAnalysis(mlir::func::FuncOp kernel, const DimensionClasses &classes, const Target &target,
               const CostModel &model);

  /// Of every operation that has dimensions which could be cut.
  llvm::ArrayRef<OperationCost> costs() const { return operations; }
  /// From one position in the kernel to another one, both included.
  struct Window {
    size_t first, last;
  };
  /// By how many bytes an engine's values exceed its scratchpad, summed over the operations of the window, when the
  /// kernel is cut by this tiling and nothing else: 0 when they fit. Chains of element-wise operations count as the one
  /// vector program that they become.
  double excess(const Tiling &tiling, Window window, int64_t bytesOfScratchpad) const;

private:
  struct Dimension {
    int number; ///< of its class
    int64_t extent;
  };
  /// A tensor that is in memory, between positions in the kernel's operations.
  struct Life {
    int64_t elementBytes = 1;
    llvm::SmallVector<Dimension, 6> dimensions;
    size_t first = 0, last = 0;
    size_t blockFirst = 0, blockLast = 0; ///< of the block that it is made in
    bool isLoad = false, isInTiles = false, isDense = false;
    llvm::SmallVector<int, 6> readers; ///< the classes of the operations that read it
    /// The life whose buffer it may take over, if that ends here.
    int64_t replaces = -1;
  };

  void list(mlir::Block &block);
  void visit(mlir::Operation *op);
  /// The lives that reading a value reads.
  llvm::ArrayRef<size_t> sourcesOf(mlir::Value value) const;
  void addLife(mlir::Value value, size_t position);
  void mayReplace(mlir::Value operand);

  const DimensionClasses &classes;
  int64_t lineElements;
  const CostModel &model;
  std::vector<OperationCost> operations;
  std::vector<Life> lives;      ///< in the order in which they begin
  std::vector<size_t> endsUpTo; ///< for each life, where the longest of it and those before it ends
  llvm::DenseMap<mlir::Value, llvm::SmallVector<size_t, 2>> sources;
  size_t positions = 0, blockFirst = 0;
};

/// Whether an operation can be cut along dimensions that something is summed along: transfers, products, and what only
/// moves elements.
bool canTileSummed(mlir::Operation *op);

} // namespace rblnc::plan
