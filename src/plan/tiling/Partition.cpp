#include "Partition.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir;

namespace rblnc::plan {

int64_t Tiling::engines() const {
  int64_t product = 1;
  for (const Cut &cut : cuts)
    product *= cut.engines;
  return product;
}

int64_t Tiling::rounds() const {
  int64_t product = 1;
  for (const Cut &cut : cuts)
    product *= cut.rounds;
  return product;
}

int64_t Tiling::enginePart(size_t i, int64_t engine) const {
  if (engine >= engines())
    return -1;
  for (size_t later = cuts.size(); --later > i;)
    engine /= cuts[later].engines;
  return engine % cuts[i].engines;
}

int64_t Tiling::roundPart(size_t i, int64_t round) const {
  for (size_t later = cuts.size(); --later > i;)
    round /= cuts[later].rounds;
  return round % cuts[i].rounds;
}

void Partition::add(Tiling tiling, ArrayRef<Operation *> cutSummed) {
  for (const Cut &cut : tiling.cuts)
    gridOfClass[cut.number] = static_cast<int>(tilings.size());
  rounds = std::max(rounds, tiling.rounds());
  tilings.push_back(std::move(tiling));
  summedOps.insert(cutSummed.begin(), cutSummed.end());
}

bool Partition::isInPieces(Value value) const {
  Operation *op = value.getDefiningOp();
  return op && cutsSummed(op);
}

const Tiling *Partition::gridOf(ArrayRef<int> present) const {
  for (int number : present)
    if (auto tiling = gridOfClass.find(number); tiling != gridOfClass.end())
      return &tilings[tiling->second];
  return nullptr;
}

const Tiling *Partition::gridOf(Operation *op) const { return gridOf(classes.classesOf(op)); }

Piece Partition::pieceFor(Value value, int64_t dimension, Worker worker, bool inPieces) const {
  int64_t extent = cast<ShapedType>(value.getType()).getDimSize(dimension);
  int number = classes.classOf(value, dimension);
  auto found = gridOfClass.find(number);
  if (number == DimensionClasses::none || found == gridOfClass.end())
    return {0, extent};
  const Tiling &tiling = tilings[found->second];
  auto i = static_cast<size_t>(llvm::find_if(tiling.cuts, [&](const Cut &cut) { return cut.number == number; }) -
                               tiling.cuts.begin());
  if (isSummed(tiling.cuts[i]) && !inPieces)
    return {0, extent};
  int64_t whole = classes.extent(number);
  int64_t ofEngine = llvm::divideCeil(whole, tiling.cuts[i].engines);
  int64_t ofRound = llvm::divideCeil(ofEngine, tiling.cuts[i].rounds);
  int64_t start = tiling.enginePart(i, worker.engine) * ofEngine;
  int64_t end = std::min(whole, start + ofEngine);
  start += tiling.roundPart(i, worker.round) * ofRound;
  end = std::min(end, start + ofRound);
  // One position of the class is this many of the dimension.
  int64_t scale = extent / whole;
  return {start * scale, std::max<int64_t>(0, end - start) * scale};
}

bool Partition::areCutAlike(Operation *a, Value ofA, Operation *b, Value ofB) const {
  for (int64_t d = 0, rank = cast<ShapedType>(ofA.getType()).getRank(); d < rank; ++d) {
    int number = classes.classOf(ofA, d), other = classes.classOf(ofB, d);
    if (number != other && (gridOfClass.contains(number) || gridOfClass.contains(other)))
      return false;
  }
  return cutsSummed(a) == cutsSummed(b);
}

SmallVector<bool, 4> Partition::cutsOf(const Tiling &tiling, Operation *op) const {
  ArrayRef<int> present = classes.classesOf(op);
  SmallVector<bool, 4> result;
  for (const Cut &cut : tiling.cuts)
    result.push_back(llvm::is_contained(present, cut.number) && (!isSummed(cut) || cutsSummed(op)));
  return result;
}

SmallVector<bool, 4> Partition::cutsOf(const Tiling &tiling, Value value) const {
  SmallVector<int, 4> present = classes.classesOf(value);
  SmallVector<bool, 4> result;
  for (const Cut &cut : tiling.cuts)
    result.push_back(llvm::is_contained(present, cut.number) && (!isSummed(cut) || isInPieces(value)));
  return result;
}

Worker Partition::project(const Tiling &tiling, ArrayRef<bool> present, Worker worker) const {
  int64_t round = 0;
  for (auto [i, cut] : llvm::enumerate(tiling.cuts))
    round = round * cut.rounds + (present[i] ? tiling.roundPart(i, worker.round) : 0);
  return {worker.engine, round};
}

Worker Partition::holderOf(Value value, Worker worker) const {
  const Tiling *tiling = gridOf(classes.classesOf(value));
  return tiling ? project(*tiling, cutsOf(*tiling, value), worker) : Worker{worker.engine, 0};
}

SmallVector<Worker, 1> Partition::holdersFor(Operation *op, Value value, Worker worker) const {
  const Tiling *tiling = gridOf(classes.classesOf(value));
  if (!tiling)
    return {Worker{worker.engine, 0}};
  SmallVector<bool, 4> has = cutsOf(*tiling, value);
  if (!isInPieces(value) || cutsSummed(op))
    return {project(*tiling, has, worker)};
  SmallVector<bool, 4> fixed = has;
  for (auto [i, cut] : llvm::enumerate(tiling->cuts))
    fixed[i] = has[i] && !isSummed(cut);
  Worker first = project(*tiling, fixed, worker);
  SmallVector<Worker, 1> holders;
  for (int64_t round = 0; round < tiling->rounds(); ++round)
    if (Worker other{worker.engine, round};
        project(*tiling, has, other) == other && project(*tiling, fixed, other) == first)
      if (runs(value.getDefiningOp(), other))
        holders.push_back(other);
  return holders;
}

bool Partition::runs(Operation *op, Worker worker) const {
  const Tiling *tiling = gridOf(op);
  if (!tiling)
    return worker.round == 0;
  if (worker.round >= tiling->rounds() || project(*tiling, cutsOf(*tiling, op), worker) != worker)
    return false;
  auto isEmpty = [&](Value value) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    for (int64_t d = 0; type && d < type.getRank(); ++d)
      if (type.getDimSize(d) != 0 && pieceUsedBy(op, value, d, worker).size == 0)
        return true;
    return false;
  };
  return llvm::none_of(op->getOperands(), isEmpty) && llvm::none_of(op->getResults(), isEmpty);
}

SmallVector<Worker, 1> Partition::makersOf(Value value, Worker holder) const {
  Operation *op = value.getDefiningOp();
  const Tiling *tiling = op && cutsSummed(op) ? gridOf(op) : nullptr;
  if (!tiling)
    return {holder};
  SmallVector<bool, 4> has = cutsOf(*tiling, value), ofOp = cutsOf(*tiling, op);
  if (has == ofOp)
    return {holder};
  SmallVector<Worker, 1> makers;
  for (int64_t round = 0; round < tiling->rounds(); ++round)
    if (Worker other{holder.engine, round}; project(*tiling, has, other) == holder && runs(op, other))
      makers.push_back(other);
  return makers;
}

Worker Partition::before(Operation *op, Worker worker) const {
  if (!cutsSummed(op) || op->getNumResults() != 1)
    return worker;
  const Tiling &tiling = *gridOf(op);
  Worker last = worker;
  for (Worker maker : makersOf(op->getResult(0), project(tiling, cutsOf(tiling, op->getResult(0)), worker))) {
    if (maker == worker)
      return last;
    last = maker;
  }
  return last;
}

Worker Partition::firstWithSame(Operation *op, Worker worker) const {
  const Tiling *tiling = gridOf(op);
  if (!tiling)
    return {0, worker.round};
  SmallVector<bool, 4> present = cutsOf(*tiling, op);
  int64_t engine = 0;
  for (auto [i, cut] : llvm::enumerate(tiling->cuts))
    engine = engine * cut.engines + (present[i] ? tiling->enginePart(i, worker.engine) : 0);
  return {engine, worker.round};
}

bool Partition::stores(Operation *store, Worker worker) const {
  const Tiling *tiling = gridOf(store);
  if (!tiling)
    return worker == Worker{};
  return worker.engine < tiling->engines() && runs(store, worker) && firstWithSame(store, worker) == worker;
}

} // namespace rblnc::plan
