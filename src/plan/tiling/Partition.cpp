#include "Partition.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir;

namespace rblnc::plan {

int64_t Tiling::engines() const {
  int64_t product = 1;
  for (const TiledClass &tiled : classes)
    product *= tiled.spatial;
  return product;
}

int64_t Tiling::rounds() const {
  int64_t product = 1;
  for (const TiledClass &tiled : classes)
    product *= tiled.temporal;
  return product;
}

int64_t Tiling::enginePart(size_t i, int64_t engine) const {
  if (engine >= engines())
    return -1;
  for (size_t later = classes.size(); --later > i;)
    engine /= classes[later].spatial;
  return engine % classes[i].spatial;
}

int64_t Tiling::roundPart(size_t i, int64_t round) const {
  for (size_t later = classes.size(); --later > i;)
    round /= classes[later].temporal;
  return round % classes[i].temporal;
}

void Partition::add(Tiling tiling, ArrayRef<Operation *> tiledSummed) {
  for (const TiledClass &tiled : tiling.classes)
    tilingOfClass[tiled.number] = static_cast<int>(tilings.size());
  rounds = std::max(rounds, tiling.rounds());
  tilings.push_back(std::move(tiling));
  summedOps.insert(tiledSummed.begin(), tiledSummed.end());
}

bool Partition::isInTiles(Value value) const {
  Operation *op = value.getDefiningOp();
  return op && tilesSummed(op);
}

const Tiling *Partition::tilingOf(ArrayRef<int> present) const {
  for (int number : present)
    if (auto tiling = tilingOfClass.find(number); tiling != tilingOfClass.end())
      return &tilings[tiling->second];
  return nullptr;
}

const Tiling *Partition::tilingOf(Operation *op) const { return tilingOf(classes.classesOf(op)); }

Tile Partition::tileFor(Value value, int64_t dimension, Slot slot, bool inTiles) const {
  int64_t extent = cast<ShapedType>(value.getType()).getDimSize(dimension);
  int number = classes.classOf(value, dimension);
  auto found = tilingOfClass.find(number);
  if (number == DimensionClasses::none || found == tilingOfClass.end())
    return {0, extent};
  const Tiling &tiling = tilings[found->second];
  auto i = static_cast<size_t>(
      llvm::find_if(tiling.classes, [&](const TiledClass &tiled) { return tiled.number == number; }) -
      tiling.classes.begin());
  if (isSummed(tiling.classes[i]) && !inTiles)
    return {0, extent};
  int64_t whole = classes.extent(number);
  int64_t ofEngine = llvm::divideCeil(whole, tiling.classes[i].spatial);
  int64_t ofRound = llvm::divideCeil(ofEngine, tiling.classes[i].temporal);
  int64_t start = tiling.enginePart(i, slot.engine) * ofEngine;
  int64_t end = std::min(whole, start + ofEngine);
  start += tiling.roundPart(i, slot.round) * ofRound;
  end = std::min(end, start + ofRound);
  // One position of the class is this many of the dimension.
  int64_t scale = extent / whole;
  return {start * scale, std::max<int64_t>(0, end - start) * scale};
}

bool Partition::areTiledAlike(Operation *a, Value ofA, Operation *b, Value ofB) const {
  for (int64_t d = 0, rank = cast<ShapedType>(ofA.getType()).getRank(); d < rank; ++d) {
    int number = classes.classOf(ofA, d), other = classes.classOf(ofB, d);
    if (number != other && (tilingOfClass.contains(number) || tilingOfClass.contains(other)))
      return false;
  }
  return tilesSummed(a) == tilesSummed(b);
}

SmallVector<bool, 4> Partition::tiledClassesOf(const Tiling &tiling, Operation *op) const {
  ArrayRef<int> present = classes.classesOf(op);
  SmallVector<bool, 4> result;
  for (const TiledClass &tiled : tiling.classes)
    result.push_back(llvm::is_contained(present, tiled.number) && (!isSummed(tiled) || tilesSummed(op)));
  return result;
}

SmallVector<bool, 4> Partition::tiledClassesOf(const Tiling &tiling, Value value) const {
  SmallVector<int, 4> present = classes.classesOf(value);
  SmallVector<bool, 4> result;
  for (const TiledClass &tiled : tiling.classes)
    result.push_back(llvm::is_contained(present, tiled.number) && (!isSummed(tiled) || isInTiles(value)));
  return result;
}

Slot Partition::project(const Tiling &tiling, ArrayRef<bool> present, Slot slot) const {
  int64_t round = 0;
  for (auto [i, tiled] : llvm::enumerate(tiling.classes))
    round = round * tiled.temporal + (present[i] ? tiling.roundPart(i, slot.round) : 0);
  return {slot.engine, round};
}

Slot Partition::holderOf(Value value, Slot slot) const {
  const Tiling *tiling = tilingOf(classes.classesOf(value));
  return tiling ? project(*tiling, tiledClassesOf(*tiling, value), slot) : Slot{slot.engine, 0};
}

SmallVector<Slot, 1> Partition::holdersFor(Operation *op, Value value, Slot slot) const {
  const Tiling *tiling = tilingOf(classes.classesOf(value));
  if (!tiling)
    return {Slot{slot.engine, 0}};
  SmallVector<bool, 4> has = tiledClassesOf(*tiling, value);
  if (!isInTiles(value) || tilesSummed(op))
    return {project(*tiling, has, slot)};
  SmallVector<bool, 4> fixed = has;
  for (auto [i, tiled] : llvm::enumerate(tiling->classes))
    fixed[i] = has[i] && !isSummed(tiled);
  Slot first = project(*tiling, fixed, slot);
  SmallVector<Slot, 1> holders;
  for (int64_t round = 0; round < tiling->rounds(); ++round)
    if (Slot other{slot.engine, round};
        project(*tiling, has, other) == other && project(*tiling, fixed, other) == first)
      if (runs(value.getDefiningOp(), other))
        holders.push_back(other);
  return holders;
}

bool Partition::runs(Operation *op, Slot slot) const {
  const Tiling *tiling = tilingOf(op);
  if (!tiling)
    return slot.round == 0;
  if (slot.round >= tiling->rounds() || project(*tiling, tiledClassesOf(*tiling, op), slot) != slot)
    return false;
  auto isEmpty = [&](Value value) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    for (int64_t d = 0; type && d < type.getRank(); ++d)
      if (type.getDimSize(d) != 0 && tileUsedBy(op, value, d, slot).size == 0)
        return true;
    return false;
  };
  return llvm::none_of(op->getOperands(), isEmpty) && llvm::none_of(op->getResults(), isEmpty);
}

SmallVector<Slot, 1> Partition::makersOf(Value value, Slot holder) const {
  Operation *op = value.getDefiningOp();
  const Tiling *tiling = op && tilesSummed(op) ? tilingOf(op) : nullptr;
  if (!tiling)
    return {holder};
  SmallVector<bool, 4> has = tiledClassesOf(*tiling, value), ofOp = tiledClassesOf(*tiling, op);
  if (has == ofOp)
    return {holder};
  SmallVector<Slot, 1> makers;
  for (int64_t round = 0; round < tiling->rounds(); ++round)
    if (Slot other{holder.engine, round}; project(*tiling, has, other) == holder && runs(op, other))
      makers.push_back(other);
  return makers;
}

Slot Partition::before(Operation *op, Slot slot) const {
  if (!tilesSummed(op) || op->getNumResults() != 1)
    return slot;
  const Tiling &tiling = *tilingOf(op);
  Slot last = slot;
  for (Slot maker : makersOf(op->getResult(0), project(tiling, tiledClassesOf(tiling, op->getResult(0)), slot))) {
    if (maker == slot)
      return last;
    last = maker;
  }
  return last;
}

Slot Partition::firstWithSame(Operation *op, Slot slot) const {
  const Tiling *tiling = tilingOf(op);
  if (!tiling)
    return {0, slot.round};
  SmallVector<bool, 4> present = tiledClassesOf(*tiling, op);
  int64_t engine = 0;
  for (auto [i, tiled] : llvm::enumerate(tiling->classes))
    engine = engine * tiled.spatial + (present[i] ? tiling->enginePart(i, slot.engine) : 0);
  return {engine, slot.round};
}

bool Partition::stores(Operation *store, Slot slot) const {
  const Tiling *tiling = tilingOf(store);
  if (!tiling)
    return slot == Slot{};
  return slot.engine < tiling->engines() && runs(store, slot) && firstWithSame(store, slot) == slot;
}

} // namespace rblnc::plan
