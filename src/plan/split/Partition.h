// Which parts of a kernel run on which engine.
#pragma once

#include "DimensionClasses.h"

#include "rblnc/target/Target.h"

namespace rblnc::plan {

/// A block of a dimension: `size` positions from `start`.
struct Piece {
  int64_t start, size;
};

/// Operations that are cut along the same classes of dimensions, each part on an engine of its own.
struct Grid {
  llvm::SmallVector<int, 2> classes;
  /// Into how many parts each class is cut.
  llvm::SmallVector<int64_t, 2> parts;

  int64_t count() const;
  /// The part of class number `i` of the grid that engine `engine` has, or -1 when it has none.
  int64_t partOf(size_t i, int64_t engine) const;
};

/// How the kernel is laid over the engines. Every operation belongs to at most one grid; one of none has no dimension
/// that is cut, and runs wherever its results are needed.
class Partition {
public:
  /// Cuts where the estimate of the time gains something; with `asManyAsPossible`, wherever it can.
  Partition(mlir::func::FuncOp kernel, const DimensionClasses &classes, const Target &target, bool asManyAsPossible);

  /// Whether one engine does everything.
  bool isTrivial() const { return grids.empty(); }
  /// Null when the operation belongs to none.
  const Grid *gridOf(mlir::Operation *op) const;
  /// Which part of a dimension an engine works on; everything of a dimension that is not cut.
  Piece pieceOf(mlir::Value value, int64_t dimension, int64_t engine) const;
  /// Whether this engine writes what a store writes. Of several that have the same part, the first does.
  bool stores(mlir::Operation *store, int64_t engine) const;

private:
  /// What the choice of a grid depends on: seconds of one engine's time, and of transfers to and from memory, by which
  /// of two classes an operation has (bit 0 and 1).
  struct Load {
    double engine[4] = {}, loaded[4] = {}, stored[4] = {};
  };

  void chooseGrids(mlir::func::FuncOp kernel, const Target &target, bool asManyAsPossible);

  const DimensionClasses &classes;
  std::vector<Grid> grids;
  llvm::DenseMap<int, int> gridOfClass;
};

} // namespace rblnc::plan
