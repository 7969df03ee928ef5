// Which parts of a kernel run on which engine, and in which of its rounds.
#pragma once

#include "DimensionClasses.h"

#include "llvm/ADT/DenseSet.h"

namespace rblnc::plan {

/// A block of a dimension: `size` positions from `start`.
struct Tile {
  int64_t start, size;
};

/// A class of dimensions that is tiled: over engines first, and each engine's part into rounds, one after the other.
struct TiledClass {
  int number; ///< of the class
  /// The tile factors: how many engines share it, and in how many rounds each goes through its part.
  int64_t spatial = 1, temporal = 1;
  bool operator==(const TiledClass &) const = default;
};

/// Operations that are tiled along the same classes. The first one's rounds are the outermost.
struct Tiling {
  llvm::SmallVector<TiledClass, 4> classes;

  int64_t engines() const;
  int64_t rounds() const;
  /// The part of class number `i` that an engine has, or -1 when the tiling leaves it without work.
  int64_t enginePart(size_t i, int64_t engine) const;
  int64_t roundPart(size_t i, int64_t round) const;
  bool operator==(const Tiling &) const = default;
};

/// A round of an engine: where and when a tile is computed.
struct Slot {
  int64_t engine = 0, round = 0;
  bool operator==(const Slot &) const = default;
};

/// How a kernel is laid over engines and rounds. Every operation belongs to at most one tiling; one of none has no
/// dimension that is cut, and runs, in round 0, wherever its results are needed.
///
/// A class along which something is summed may be cut into rounds as well. Then only what `tilesSummed` says is cut
/// along it: transfers, products, and what only moves elements between them. Everything else sees these dimensions
/// whole.
class Partition {
public:
  explicit Partition(const DimensionClasses &classes) : classes(classes) {}
  /// Adds a tiling. `tiledSummed` are its operations that are cut along summed classes.
  void add(Tiling tiling, llvm::ArrayRef<mlir::Operation *> tiledSummed = {});

  /// Whether one engine does everything at once.
  bool isTrivial() const { return tilings.empty(); }
  const std::vector<Tiling> &all() const { return tilings; }
  /// Slots by number: round by round for each engine.
  int64_t countSlots(int64_t engines) const { return engines * rounds; }
  int64_t numberOf(Slot slot) const { return slot.engine * rounds + slot.round; }
  Slot slot(int64_t number) const { return {number / rounds, number % rounds}; }

  /// Null when the operation belongs to none.
  const Tiling *tilingOf(mlir::Operation *op) const;
  bool tilesSummed(mlir::Operation *op) const { return summedOps.contains(op); }
  /// Whether a value exists in tiles along the summed classes that it has.
  bool isInTiles(mlir::Value value) const;
  /// Which part of a dimension a slot has; everything of a dimension that is not cut, and nothing when there are more
  /// parts than positions.
  Tile tileOf(mlir::Value value, int64_t dimension, Slot slot) const {
    return tileFor(value, dimension, slot, isInTiles(value));
  }
  /// The part that an operation of the slot uses, which may be more or less than a tile of the value.
  Tile tileUsedBy(mlir::Operation *op, mlir::Value value, int64_t dimension, Slot slot) const {
    return tileFor(value, dimension, slot, tilesSummed(op));
  }
  /// Whether all slots' parts of two tensors of one shape, as two operations use them, have the same positions.
  bool areTiledAlike(mlir::Operation *a, mlir::Value ofA, mlir::Operation *b, mlir::Value ofB) const;
  /// The slot of the same engine that has what this slot needs of a value: rounds along dimensions that the value
  /// does not have share it.
  Slot holderOf(mlir::Value value, Slot slot) const;
  /// The slots, in the order of rounds, whose tiles make up what an operation of `slot` uses of a value: one, or
  /// all along summed classes when the value is in tiles and the operation needs it whole.
  llvm::SmallVector<Slot, 1> holdersFor(mlir::Operation *op, mlir::Value value, Slot slot) const;
  /// Whether an operation has something to do for a slot, and no other slot of the engine does it.
  bool runs(mlir::Operation *op, Slot slot) const;
  /// The slots that compute a part of a value one after the other, each adding to what the last one left: several
  /// when a product is summed in rounds. `holder` is where the part is.
  llvm::SmallVector<Slot, 1> makersOf(mlir::Value value, Slot holder) const;
  /// The slot whose sum a summed product goes on from, or the same one for the first.
  Slot before(mlir::Operation *op, Slot slot) const;
  /// The first engine's slot that has the same part of an operation.
  Slot firstWithSame(mlir::Operation *op, Slot slot) const;
  /// Whether this slot writes what a store writes. Of several engines that have the same part, the first does.
  bool stores(mlir::Operation *store, Slot slot) const;

private:
  Tile tileFor(mlir::Value value, int64_t dimension, Slot slot, bool inTiles) const;
  bool isSummed(const TiledClass &tiled) const { return !classes.canBeTiled(tiled.number); }
  /// The classes that an operation or a value is cut along, in the order of the tiling's cuts.
  llvm::SmallVector<bool, 4> tiledClassesOf(const Tiling &tiling, mlir::Operation *op) const;
  llvm::SmallVector<bool, 4> tiledClassesOf(const Tiling &tiling, mlir::Value value) const;
  Slot project(const Tiling &tiling, llvm::ArrayRef<bool> present, Slot slot) const;
  const Tiling *tilingOf(llvm::ArrayRef<int> present) const;

  const DimensionClasses &classes;
  std::vector<Tiling> tilings;
  llvm::DenseMap<int, int> tilingOfClass;
  llvm::DenseSet<mlir::Operation *> summedOps;
  int64_t rounds = 1;
};

} // namespace rblnc::plan
