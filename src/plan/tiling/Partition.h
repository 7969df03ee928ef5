// Which parts of a kernel run on which engine, and in which of its rounds.
#pragma once

#include "DimensionClasses.h"

#include "llvm/ADT/DenseSet.h"

namespace rblnc::plan {

/// A block of a dimension: `size` positions from `start`.
struct Piece {
  int64_t start, size;
};

/// A class of dimensions that is cut: over engines first, and each engine's part into rounds, one after the other.
struct Cut {
  int number; ///< of the class
  int64_t engines = 1, rounds = 1;
  bool operator==(const Cut &) const = default;
};

/// Operations that are cut along the same classes. The first cut's rounds are the outermost.
struct Tiling {
  llvm::SmallVector<Cut, 4> cuts;

  int64_t engines() const;
  int64_t rounds() const;
  /// The part of cut number `i` that an engine has, or -1 when the tiling leaves it without work.
  int64_t enginePart(size_t i, int64_t engine) const;
  int64_t roundPart(size_t i, int64_t round) const;
  bool operator==(const Tiling &) const = default;
};

/// A round of an engine.
struct Worker {
  int64_t engine = 0, round = 0;
  bool operator==(const Worker &) const = default;
};

/// How a kernel is laid over engines and rounds. Every operation belongs to at most one tiling; one of none has no
/// dimension that is cut, and runs, in round 0, wherever its results are needed.
///
/// A class along which something is summed may be cut into rounds as well. Then only what `cutsSummed` says is cut
/// along it: transfers, products, and what only moves elements between them. Everything else sees these dimensions
/// whole.
class Partition {
public:
  explicit Partition(const DimensionClasses &classes) : classes(classes) {}
  /// Adds a tiling. `cutSummed` are its operations that are cut along summed classes.
  void add(Tiling tiling, llvm::ArrayRef<mlir::Operation *> cutSummed = {});

  /// Whether one engine does everything at once.
  bool isTrivial() const { return tilings.empty(); }
  const std::vector<Tiling> &all() const { return tilings; }
  /// Workers by number: round by round for each engine.
  int64_t countWorkers(int64_t engines) const { return engines * rounds; }
  int64_t numberOf(Worker worker) const { return worker.engine * rounds + worker.round; }
  Worker worker(int64_t number) const { return {number / rounds, number % rounds}; }

  /// Null when the operation belongs to none.
  const Tiling *gridOf(mlir::Operation *op) const;
  bool cutsSummed(mlir::Operation *op) const { return summedOps.contains(op); }
  /// Whether a value exists in pieces along the summed classes that it has.
  bool isInPieces(mlir::Value value) const;
  /// Which part of a dimension a worker has; everything of a dimension that is not cut, and nothing when there are more
  /// parts than positions.
  Piece pieceOf(mlir::Value value, int64_t dimension, Worker worker) const {
    return pieceFor(value, dimension, worker, isInPieces(value));
  }
  /// The part that an operation of the worker uses, which may be more or less than a piece of the value.
  Piece pieceUsedBy(mlir::Operation *op, mlir::Value value, int64_t dimension, Worker worker) const {
    return pieceFor(value, dimension, worker, cutsSummed(op));
  }
  /// Whether all workers' parts of two tensors of one shape, as two operations use them, have the same positions.
  bool areCutAlike(mlir::Operation *a, mlir::Value ofA, mlir::Operation *b, mlir::Value ofB) const;
  /// The worker of the same engine that has what this worker needs of a value: rounds along dimensions that the value
  /// does not have share it.
  Worker holderOf(mlir::Value value, Worker worker) const;
  /// The workers, in the order of rounds, whose pieces make up what an operation of `worker` uses of a value: one, or
  /// all along summed classes when the value is in pieces and the operation needs it whole.
  llvm::SmallVector<Worker, 1> holdersFor(mlir::Operation *op, mlir::Value value, Worker worker) const;
  /// Whether an operation has something to do for a worker, and no other worker of the engine does it.
  bool runs(mlir::Operation *op, Worker worker) const;
  /// The workers that compute a part of a value one after the other, each adding to what the last one left: several
  /// when a product is summed in rounds. `holder` is where the part is.
  llvm::SmallVector<Worker, 1> makersOf(mlir::Value value, Worker holder) const;
  /// The worker whose sum a summed product goes on from, or the same one for the first.
  Worker before(mlir::Operation *op, Worker worker) const;
  /// The first engine's worker that has the same part of an operation.
  Worker firstWithSame(mlir::Operation *op, Worker worker) const;
  /// Whether this worker writes what a store writes. Of several engines that have the same part, the first does.
  bool stores(mlir::Operation *store, Worker worker) const;

private:
  Piece pieceFor(mlir::Value value, int64_t dimension, Worker worker, bool inPieces) const;
  bool isSummed(const Cut &cut) const { return !classes.canBeCut(cut.number); }
  /// The classes that an operation or a value is cut along, in the order of the tiling's cuts.
  llvm::SmallVector<bool, 4> cutsOf(const Tiling &tiling, mlir::Operation *op) const;
  llvm::SmallVector<bool, 4> cutsOf(const Tiling &tiling, mlir::Value value) const;
  Worker project(const Tiling &tiling, llvm::ArrayRef<bool> present, Worker worker) const;
  const Tiling *gridOf(llvm::ArrayRef<int> present) const;

  const DimensionClasses &classes;
  std::vector<Tiling> tilings;
  llvm::DenseMap<int, int> gridOfClass;
  llvm::DenseSet<mlir::Operation *> summedOps;
  int64_t rounds = 1;
};

} // namespace rblnc::plan
