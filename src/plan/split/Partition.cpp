// Grids are chosen by what they make of an estimate of the time.
#include "Partition.h"

#include "../View.h"

#include "rblnc/rbln/Dialect.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <limits>

using namespace mlir;

namespace rblnc::plan {

/// A second class must be in this share of the first one's work.
/// What a split must save: less is not worth the commands.
static constexpr double leastGainSeconds = 5e-7;
static constexpr double leastShare = 0.5;
/// Work that counts as the same.
static constexpr double nearlyAll = 0.9;

int64_t Grid::count() const {
  int64_t product = 1;
  for (int64_t part : parts)
    product *= part;
  return product;
}

int64_t Grid::partOf(size_t i, int64_t engine) const {
  if (engine >= count())
    return -1;
  for (size_t later = parts.size(); --later > i;)
    engine /= parts[later];
  return engine % parts[i];
}

namespace {
/// What an operation costs, in seconds of one engine and of memory traffic.
struct Cost {
  double engine = 0, transfer = 0;
};
} // namespace

static double bytesOfTensor(Type type) {
  auto tensor = cast<ShapedType>(type);
  return static_cast<double>(tensor.getNumElements()) * static_cast<double>(bytesOf(tensor.getElementType()));
}

static Cost costOf(Operation *op, const Target &target) {
  if (auto load = dyn_cast<rbln::LoadOp>(op))
    return {0, bytesOfTensor(load.getResult().getType()) / target.dramBytesPerSecond};
  if (auto store = dyn_cast<rbln::StoreOp>(op))
    return {0, bytesOfTensor(store.getValue().getType()) / target.dramBytesPerSecond};
  if (auto generic = dyn_cast<linalg::GenericOp>(op)) {
    double points = 1;
    for (int64_t extent : generic.getStaticLoopRanges())
      points *= static_cast<double>(extent);
    if (generic.getNumReductionLoops() > 0)
      return {2 * points / target.matmulFlopsPerSecond, 0};
    double operations = static_cast<double>(generic.getBody()->getOperations().size() - 1);
    return {points * operations / target.vectorOpsPerSecond, 0};
  }
  if (isa<rbln::ReduceOp>(op))
    return {static_cast<double>(cast<ShapedType>(op->getOperand(0).getType()).getNumElements()) /
                target.vectorOpsPerSecond,
            0};
  return {};
}

/// For each class, the least stride that it has in any array.
static std::vector<int64_t> leastStrides(func::FuncOp kernel, const DimensionClasses &classes) {
  std::vector<int64_t> strides(classes.count(), std::numeric_limits<int64_t>::max());
  auto see = [&](Value block, ArrayRef<int64_t> blockStrides) {
    for (auto [d, stride] : llvm::enumerate(blockStrides))
      if (int number = classes.classOf(block, static_cast<int64_t>(d)); number != DimensionClasses::none)
        strides[number] = std::min(strides[number], stride < 0 ? -stride : stride);
  };
  kernel.walk([&](Operation *op) {
    if (auto load = dyn_cast<rbln::LoadOp>(op))
      see(load.getResult(), load.getStrides());
    else if (auto store = dyn_cast<rbln::StoreOp>(op))
      see(store.getValue(), store.getStrides());
  });
  return strides;
}

Partition::Partition(func::FuncOp kernel, const DimensionClasses &classes, const Target &target, bool asManyAsPossible)
    : classes(classes) {
  chooseGrids(kernel, target, asManyAsPossible);
}

void Partition::chooseGrids(func::FuncOp kernel, const Target &target, bool asManyAsPossible) {
  double leastGain = asManyAsPossible ? 0 : leastGainSeconds;
  struct Entry {
    Cost cost;
    bool isStore;
    SmallVector<int, 4> classes;
  };
  std::vector<Entry> open;
  kernel.walk([&](Operation *op) {
    Cost cost = costOf(op, target);
    if (cost.engine > 0 || cost.transfer > 0)
      open.push_back({cost, isa<rbln::StoreOp>(op), classes.classesOf(op)});
  });
  std::vector<int64_t> strides = leastStrides(kernel, classes);
  std::vector<bool> isTaken(classes.count(), false); // in an operation of an earlier grid
  for (;;) {
    std::vector<double> work(classes.count(), 0);
    for (const Entry &entry : open)
      for (int number : entry.classes)
        if (classes.canBeCut(number) && !isTaken[number])
          work[number] += entry.cost.engine + entry.cost.transfer;
    auto best = std::max_element(work.begin(), work.end());
    if (best == work.end() || *best <= leastGain)
      return;
    // Of about the same work, the class whose parts lie furthest apart in memory: they are moved in long pieces.
    int first = static_cast<int>(best - work.begin());
    for (int number = 0; number < classes.count(); ++number)
      if (work[number] >= nearlyAll * *best && strides[number] > strides[first])
        first = number;

    // A second class that runs through most of the same operations.
    std::vector<double> shared(classes.count(), 0);
    for (const Entry &entry : open)
      if (llvm::is_contained(entry.classes, first))
        for (int number : entry.classes)
          if (number != first && classes.canBeCut(number) && !isTaken[number])
            shared[number] += entry.cost.engine + entry.cost.transfer;
    auto most = std::max_element(shared.begin(), shared.end());
    int second = *most >= leastShare * *best ? static_cast<int>(most - shared.begin()) : DimensionClasses::none;

    Load load;
    for (const Entry &entry : open) {
      bool hasFirst = llvm::is_contained(entry.classes, first);
      bool hasSecond = second != DimensionClasses::none && llvm::is_contained(entry.classes, second);
      if (!hasFirst && !hasSecond)
        continue;
      int bucket = (hasFirst ? 1 : 0) + (hasSecond ? 2 : 0);
      load.engine[bucket] += entry.cost.engine;
      (entry.isStore ? load.stored : load.loaded)[bucket] += entry.cost.transfer;
    }
    int64_t extents[2] = {classes.extent(first), second == DimensionClasses::none ? 1 : classes.extent(second)};
    auto estimate = [&](int64_t a, int64_t b) {
      double piece[2] = {static_cast<double>(llvm::divideCeil(extents[0], a)) / static_cast<double>(extents[0]),
                         static_cast<double>(llvm::divideCeil(extents[1], b)) / static_cast<double>(extents[1])};
      double engine = 0, transfer = 0;
      for (int bucket = 1; bucket < 4; ++bucket) {
        engine += load.engine[bucket] * (bucket & 1 ? piece[0] : 1) * (bucket & 2 ? piece[1] : 1);
        // Who lacks a class loads the same again for each of its parts.
        double copies = static_cast<double>((bucket & 1 ? 1 : a) * (bucket & 2 ? 1 : b));
        transfer += load.loaded[bucket] * copies + load.stored[bucket];
      }
      return engine + transfer;
    };
    int64_t parts[2] = {1, 1};
    double least = estimate(1, 1), whole = least;
    auto engines = static_cast<int64_t>(target.engines);
    // The second class is for engines that the first leaves without work.
    int64_t usable = std::min(extents[0], engines);
    for (int64_t a = 1; a <= usable; ++a)
      for (int64_t b = 1; b <= std::min(extents[1], engines / a); ++b) {
        if (b > 1 && a * b <= usable)
          continue;
        double seconds = estimate(a, b);
        bool isBetter =
            asManyAsPossible ? std::pair(parts[0] * parts[1], -least) < std::pair(a * b, -seconds) : seconds < least;
        if (!isBetter)
          continue;
        least = seconds;
        parts[0] = a;
        parts[1] = b;
      }
    // As many parts as the pieces need: 9 rows in 8 parts are 5 parts of 2.
    for (int i : {0, 1})
      parts[i] = llvm::divideCeil(extents[i], llvm::divideCeil(extents[i], parts[i]));
    Grid grid;
    for (auto [number, count] : {std::pair(first, parts[0]), std::pair(second, parts[1])})
      if (count > 1) {
        grid.classes.push_back(number);
        grid.parts.push_back(count);
      }
    bool isWorthIt = (asManyAsPossible || whole - least > leastGain) && !grid.classes.empty();
    // What these operations need is settled, cut or not.
    auto belongs = [&](const Entry &entry) {
      return isWorthIt
                 ? llvm::any_of(grid.classes, [&](int number) { return llvm::is_contained(entry.classes, number); })
                 : llvm::is_contained(entry.classes, first);
    };
    for (const Entry &entry : open)
      if (belongs(entry))
        for (int number : entry.classes)
          isTaken[number] = true;
    llvm::erase_if(open, belongs);
    if (!isWorthIt)
      continue;
    for (int number : grid.classes)
      gridOfClass[number] = static_cast<int>(grids.size());
    grids.push_back(std::move(grid));
  }
}

const Grid *Partition::gridOf(Operation *op) const {
  for (int number : classes.classesOf(op))
    if (auto grid = gridOfClass.find(number); grid != gridOfClass.end())
      return &grids[grid->second];
  return nullptr;
}

Piece Partition::pieceOf(Value value, int64_t dimension, int64_t engine) const {
  int64_t extent = cast<ShapedType>(value.getType()).getDimSize(dimension);
  int number = classes.classOf(value, dimension);
  auto found = gridOfClass.find(number);
  if (number == DimensionClasses::none || found == gridOfClass.end())
    return {0, extent};
  const Grid &grid = grids[found->second];
  auto i = static_cast<size_t>(llvm::find(grid.classes, number) - grid.classes.begin());
  int64_t size = llvm::divideCeil(classes.extent(number), grid.parts[i]), part = grid.partOf(i, engine);
  // One position of the class is this many of the dimension.
  int64_t scale = extent / classes.extent(number);
  int64_t start = part * size;
  return {start * scale, (std::min(start + size, classes.extent(number)) - start) * scale};
}

bool Partition::stores(Operation *store, int64_t engine) const {
  const Grid *grid = gridOf(store);
  if (!grid)
    return engine == 0;
  if (engine >= grid->count())
    return false;
  SmallVector<int, 4> own = classes.classesOf(store);
  for (auto [i, number] : llvm::enumerate(grid->classes))
    if (!llvm::is_contained(own, number) && grid->partOf(i, engine) != 0)
      return false;
  return true;
}

} // namespace rblnc::plan
