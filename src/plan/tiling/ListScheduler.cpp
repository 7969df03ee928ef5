#include "ListScheduler.h"

#include "Blocks.h"
#include "tuning/Tuning.h"

#include "analysis/FusionGroup.h"
#include "rewrite/StoreWindows.h"

#include "rblnc/rbln/Dialect.h"
#include "rblnc/support/Watch.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <algorithm>
#include <map>
#include <tuple>

using namespace mlir;

namespace rblnc::plan {
namespace {

/// What brings values to where they are needed and computes nothing.
bool isLazy(Operation *op) {
  if (auto generic = dyn_cast<linalg::GenericOp>(op))
    return isDataMovement(generic);
  return isa<rbln::LoadOp, tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::EmptyOp, arith::ConstantOp>(op);
}

/// What puts a value where nobody needs to keep it: a store, or the slice that one transfer cuts out and stores.
bool isStoring(Operation *op) {
  auto slice = dyn_cast<rbln::WindowSliceOp>(op);
  return isa<rbln::StoreOp>(op) || (slice && storeOf(slice));
}

class ListScheduler {
public:
  ListScheduler(Block &block, const Partition &partition, const RequiredTiles &required)
      : block(block), partition(partition), required(required) {}

  std::vector<Task> run() {
    listTasks();
    if (!hasRounds)
      return std::move(tasks);
    before.resize(tasks.size());
    overwritten.resize(tasks.size());
    for (size_t number = 0; number < tasks.size() && !wasStopped(); ++number)
      addProducers(number);
    addTransfers();
    return wasStopped() ? std::vector<Task>() : sorted();
  }

private:
  void listTasks() {
    for (Operation &op : block.without_terminator()) {
      size_t first = tasks.size();
      if (isa<scf::IfOp>(op))
        tasks.push_back({&op, RequiredTiles::processor});
      else
        for (unsigned number : required.of(&op).set_bits())
          tasks.push_back({&op, partition.slot(number)});
      for (size_t number = first; number < tasks.size(); ++number) {
        numbers[{&op, partition.numberOf(tasks[number].slot)}] = number;
        places.push_back(operations.size());
        hasRounds |= tasks[number].slot.round > 0;
        engines = std::max(engines, tasks[number].slot.engine + 1);
      }
      ranges[&op] = {first, tasks.size()};
      operations.push_back(&op);
    }
  }

  /// `user` stands in the block, or in a branch of it.
  void addProducer(size_t task, Operation *user, Value value, Slot slot) {
    Operation *op = value.getDefiningOp();
    if (!op || op->getBlock() != &block)
      return;
    if (isa<scf::IfOp>(op)) {
      before[task].push_back(ranges.at(op).first);
      return;
    }
    bool isShared = isa<rbln::IndexType>(value.getType());
    for (Slot holder :
         isShared ? SmallVector<Slot, 1>{RequiredTiles::processor} : partition.holdersFor(user, value, slot))
      for (Slot maker : isShared ? SmallVector<Slot, 1>{holder} : partition.makersOf(value, holder))
        if (auto found = numbers.find({op, partition.numberOf(maker)}); found != numbers.end())
          before[task].push_back(found->second);
  }

  void addProducers(size_t number) {
    Task task = tasks[number];
    auto branch = dyn_cast<scf::IfOp>(task.op);
    if (!branch) {
      for (Value operand : task.op->getOperands())
        addProducer(number, task.op, operand, task.slot);
      if (Slot last = partition.before(task.op, task.slot); !(last == task.slot))
        before[number].push_back(numbers.at({task.op, partition.numberOf(last)}));
      return;
    }
    addProducer(number, task.op, branch.getCondition(), RequiredTiles::processor);
    branch->walk([&](Operation *inside) {
      if (inside == task.op)
        return;
      if (isa<scf::YieldOp>(inside)) {
        for (auto [result, yielded] : llvm::zip(branch->getResults(), inside->getOperands()))
          for (unsigned slot : required.ofResult(result).set_bits())
            addProducer(number, inside, yielded, partition.slot(slot));
        return;
      }
      for (unsigned slot : required.of(inside).set_bits())
        for (Value operand : inside->getOperands())
          addProducer(number, inside, operand, partition.slot(slot));
    });
  }

  // ---- Transfers of the same array
  // -----------------------------------------------------------------------------------

  struct Transfer {
    Operation *op, *anchor; ///< the anchor stands in the block: the transfer itself or the branch around it
    Footprint footprint;
    bool isWrite;
  };

  void addTransfers() {
    std::map<unsigned, std::vector<Transfer>> arrays; // by argument
    for (Operation *anchor : operations)
      anchor->walk([&](Operation *op) {
        std::optional<MemoryBlock> access = memoryBlockOf(op);
        if (!access || wasStopped())
          return;
        std::vector<Transfer> &earlier = arrays[access->array.getArgNumber()];
        Transfer transfer{op, anchor, footprintOf(*access), isa<rbln::StoreOp>(op)};
        for (size_t i = earlier.size() > tuning::mostTransfers ? earlier.size() - 1 : 0; i < earlier.size(); ++i)
          addDependence(earlier[i], transfer, earlier.size() > tuning::mostTransfers);
        earlier.push_back(std::move(transfer));
      });
  }

  void addDependence(const Transfer &a, const Transfer &b, bool keepsOrder) {
    if (a.anchor == b.anchor || (!keepsOrder && !a.isWrite && !b.isWrite))
      return;
    auto [firstA, endA] = ranges.at(a.anchor);
    auto [firstB, endB] = ranges.at(b.anchor);
    auto add = [&](size_t earlier, size_t later) {
      before[later].push_back(earlier);
      if (isa<rbln::LoadOp>(tasks[earlier].op) && isa<rbln::StoreOp>(tasks[later].op))
        overwritten[later].push_back(earlier);
    };
    auto addAll = [&, firstA = firstA, endA = endA, firstB = firstB, endB = endB] {
      for (size_t j = firstB; j < endB; ++j)
        for (size_t i = firstA; i < endA; ++i)
          add(i, j);
    };
    if (keepsOrder)
      return addAll();
    if (a.footprint.isApartFrom(b.footprint))
      return;
    if (a.op != a.anchor || b.op != b.anchor)
      return addAll();
    // TiledClass in the same way, parts are the same or have nothing in common.
    if (areSameBlocks(a.op, b.op)) {
      std::map<SmallVector<int64_t, 6>, std::vector<size_t>> byStart;
      for (size_t i = firstA; i < endA; ++i)
        byStart[startOf(tasks[i])].push_back(i);
      for (size_t j = firstB; j < endB; ++j)
        if (auto same = byStart.find(startOf(tasks[j])); same != byStart.end())
          for (size_t i : same->second)
            add(i, j);
      return;
    }
    if ((endA - firstA) * (endB - firstB) > tuning::mostPairs)
      return addAll();
    std::vector<Footprint> partsOfA;
    for (size_t i = firstA; i < endA; ++i)
      partsOfA.push_back(footprintOf(partOf(tasks[i])));
    for (size_t j = firstB; j < endB; ++j) {
      Footprint partOfB = footprintOf(partOf(tasks[j]));
      for (size_t i = firstA; i < endA; ++i)
        if (!partsOfA[i - firstA].isApartFrom(partOfB))
          add(i, j);
    }
  }

  MemoryBlock partOf(const Task &task) const {
    return memoryBlockOf(task.op)->part(
        [&](Value value, int64_t d) { return partition.tileUsedBy(task.op, value, d, task.slot); });
  }

  SmallVector<int64_t, 6> startOf(const Task &task) const {
    SmallVector<int64_t, 6> starts;
    Value tensor = memoryBlockOf(task.op)->tensor;
    for (int64_t d = 0, rank = cast<ShapedType>(tensor.getType()).getRank(); d < rank; ++d)
      starts.push_back(partition.tileUsedBy(task.op, tensor, d, task.slot).start);
    return starts;
  }

  /// Whether two transfers touch the same elements of an array in the same order, none of them twice, and are cut
  /// alike.
  bool areSameBlocks(Operation *a, Operation *b) const {
    MemoryBlock first = *memoryBlockOf(a), second = *memoryBlockOf(b);
    if (!first.hasSamePlaceAs(second) || !first.isInjective())
      return false;
    return partition.areTiledAlike(a, first.tensor, b, second.tensor);
  }

  // ---- The order
  // -----------------------------------------------------------------------------------------------------

  std::vector<Task> sorted() {
    // Branches keep their place: what stands after one is of a later phase.
    size_t phase = 0;
    for (Operation *op : operations) {
      phase += isa<scf::IfOp>(op);
      phases.push_back(phase);
      phase += isa<scf::IfOp>(op);
    }
    std::vector<size_t> roots;
    for (size_t number = 0; number < tasks.size(); ++number)
      if (!isLazy(tasks[number].op) && (isa<rbln::StoreOp>(tasks[number].op) || !isStoring(tasks[number].op)))
        roots.push_back(number);
    auto key = [&](size_t number) {
      return std::tuple(phases[places[number]], tasks[number].slot.round, places[number], number);
    };
    std::sort(roots.begin(), roots.end(), [&](size_t a, size_t b) { return key(a) < key(b); });
    isEntered.assign(tasks.size(), false);
    listDependents();
    // A store does not fetch what it is going to overwrite: it waits until others have.
    std::map<size_t, std::vector<size_t>> waitingFor; // by a load, the stores that wait
    std::vector<size_t> missing(tasks.size(), 0);     // loads that a store waits for
    size_t done = 0;
    auto wake = [&] {
      for (; done < order.size(); ++done)
        if (auto found = waitingFor.find(order[done]); found != waitingFor.end())
          for (size_t store : found->second)
            if (--missing[store] == 0)
              enter(store);
    };
    for (size_t root : roots) {
      if (wasStopped())
        return {};
      current = phases[places[root]];
      if (!overwritten[root].empty())
        markBroughtIn(root);
      for (size_t load : overwritten[root])
        if (!isEntered[load] && broughtIn[load] != walk) {
          waitingFor[load].push_back(root);
          ++missing[root];
        }
      if (missing[root] == 0)
        enter(root);
      wake();
    }
    for (size_t root : roots)
      enter(root);
    std::vector<Task> result;
    for (size_t number : order)
      result.push_back(tasks[number]);
    return result;
  }

  /// Marks the loads whose values a task uses through nothing but what moves values, with the number of this walk.
  void markBroughtIn(size_t root) {
    // Values come together again and again on their way, so each task is looked at once.
    seen.resize(tasks.size());
    broughtIn.resize(tasks.size());
    ++walk;
    SmallVector<size_t, 32> open{root};
    while (!open.empty()) {
      size_t task = open.pop_back_val();
      for (size_t number : before[task]) {
        if (isa<rbln::LoadOp>(tasks[number].op)) {
          if (llvm::is_contained(tasks[task].op->getOperands(), tasks[number].op->getResult(0)))
            broughtIn[number] = walk;
          continue;
        }
        if (seen[number] == walk || !isLazy(tasks[number].op))
          continue;
        seen[number] = walk;
        open.push_back(number);
      }
    }
  }

  void listDependents() {
    dependents.resize(tasks.size());
    left.resize(tasks.size());
    for (size_t number = 0; number < tasks.size(); ++number) {
      left[number] = before[number].size();
      for (size_t earlier : before[number])
        dependents[earlier].push_back(number);
    }
  }

  /// Appends a task, and what nothing else has to come before:
  /// - the stores of its phase: what they store need not be kept for their round;
  /// - the same part of the other engines, so that they go along together: what one of them brings in for all, or
  /// stores
  ///   over what all have read, need not wait for the others.
  void append(size_t task) {
    size_t first = order.size();
    auto add = [&](size_t number) {
      if (left[number] > 0 || isEntered[number] || phases[places[number]] > current)
        return;
      isEntered[number] = true;
      order.push_back(number);
    };
    order.push_back(task);
    for (size_t next = first; next < order.size(); ++next) {
      size_t number = order[next];
      for (size_t dependent : dependents[number]) {
        --left[dependent];
        if (isStoring(tasks[dependent].op))
          add(dependent);
      }
      auto [op, slot] = tasks[number];
      for (int64_t engine = 0; engine < engines; ++engine)
        if (auto same = numbers.find({op, partition.numberOf({engine, slot.round})}); same != numbers.end())
          add(same->second);
    }
  }

  /// Appends a task to the order, after everything that has to come before it.
  void enter(size_t root) {
    if (isEntered[root])
      return;
    isEntered[root] = true;
    std::vector<std::pair<size_t, size_t>> stack{{root, 0}}; // a task, and how many of those before it were looked at
    while (!stack.empty()) {
      auto &[number, looked] = stack.back();
      if (looked == before[number].size()) {
        append(number);
        stack.pop_back();
        continue;
      }
      size_t next = before[number][looked++];
      if (isEntered[next])
        continue;
      isEntered[next] = true;
      stack.push_back({next, 0});
    }
  }

  Block &block;
  const Partition &partition;
  const RequiredTiles &required;
  std::vector<Operation *> operations;
  std::vector<Task> tasks;    // in the order of the kernel
  std::vector<size_t> places; // of each task's operation
  llvm::DenseMap<Operation *, std::pair<size_t, size_t>> ranges;
  llvm::DenseMap<std::pair<Operation *, int64_t>, size_t> numbers;
  std::vector<std::vector<size_t>> before;
  std::vector<std::vector<size_t>> overwritten; // by a store, the loads that must come before it
  std::vector<size_t> phases;                   // by place
  size_t current = 0;                           // phase
  std::vector<std::vector<size_t>> dependents;  // by a task, what has to come after it
  std::vector<size_t> left;                     // of what has to come before a task
  int64_t engines = 0;
  std::vector<bool> isEntered;
  std::vector<size_t> order;
  std::vector<size_t> seen, broughtIn; // by task, the last walk of markBroughtIn that came by, and that marked it
  size_t walk = 0;
  bool hasRounds = false;
};

} // namespace

std::vector<Task> scheduleTasks(Block &block, const Partition &partition, const RequiredTiles &required) {
  return ListScheduler(block, partition, required).run();
}

} // namespace rblnc::plan
