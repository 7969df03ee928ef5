// Small commands that only need arguments are moved up, so that their time passes while earlier transfers run: the
// loads of queries, new rows and tables, the registers that tables give, and what decides whether a branch is taken.
//
// The program is a row of segments: a branch is one, and between branches a segment ends where a queue would load a
// second large block. A command goes up some segments, not to the front, so that buffers do not live for ever. It may,
// when nothing that it jumps over writes what it reads, or touches what it writes. Loads that go up leave the queue to
// the large ones: the other queue of the engine's transfers does them. Only what a register is loaded from, and so what
// the first large load waits for, is shared out among both.
#include "Passes.h"
#include "analysis/Hazards.h"
#include "analysis/Transfer.h"
#include "tuning/Tuning.h"

#include "rblnc/support/Watch.h"
#include "rblnc/target/CostModel.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <algorithm>
#include <vector>

using namespace mlir;

namespace rblnc::plan {
namespace {

/// What stands of a segment before anything else, and the rest, each in the order of the program.
struct Segment {
  std::vector<Operation *> early, rest;
};

class Hoister {
public:
  Hoister(npu::ProgramOp program, const Target &target)
      : body(program.getBody().front()),
        // What is loaded in less time than a transfer needs to be set up, when all engines load.
        smallBytes(static_cast<int64_t>(CostModel(target).bytesOfSetup())) {}

  int64_t run() {
    for (auto command : body.getOps<npu::CommandInterface>())
      if (isLargeLoad(command))
        busy.insert(command.getQueue());
    for (Operation *op = body.empty() ? nullptr : &body.front(); op; op = op->getNextNode()) {
      if (wasStopped())
        return 0;
      if (auto branch = dyn_cast<npu::BranchOp>(op))
        op = visitBranch(branch);
      else
        visit(op);
    }
    SmallVector<Operation *> order(declarations);
    for (Segment &segment : segments) {
      llvm::append_range(order, segment.early);
      llvm::append_range(order, segment.rest);
    }
    for (Operation *op : order)
      op->moveBefore(&body, body.end());
    return hoisted;
  }

private:
  void visit(Operation *op) {
    if (isa<npu::ArgumentOp, npu::ConstantOp>(op)) {
      declarations.push_back(op);
      return;
    }
    if (auto buffer = dyn_cast<npu::BufferOp>(op)) {
      // It goes where its first command goes; unused ones stay.
      if (buffer->use_empty())
        segments.back().rest.push_back(op);
      return;
    }
    beginSegment(op);
    Effects effects = effectsOf(op);
    bool goesUp = isSmall(op, effects) && mayGoUp(effects);
    std::vector<Operation *> &list = goesUp ? above().early : segments.back().rest;
    for (Value memory : op->getOperands())
      if (auto buffer = memory.getDefiningOp<npu::BufferOp>(); buffer && placed.insert(buffer).second)
        list.push_back(buffer);
    list.push_back(op);
    hoisted += goesUp;
    if (auto command = dyn_cast<npu::CommandInterface>(op); command && goesUp && isSmallLoad(command))
      chooseQueue(command);
    record(effects, goesUp);
  }

  /// Where commands of the segment that the walk is in go up to.
  Segment &above() { return segments[segments.size() - 1 - std::min(segments.size() - 1, tuning::segmentsAhead)]; }

  /// Gives the branch's join.
  Operation *visitBranch(npu::BranchOp branch) {
    SmallVector<Operation *> inside;
    Operation *join = branch->getNextNode();
    for (; !isa<npu::JoinOp>(join); join = join->getNextNode())
      inside.push_back(join);
    auto isLarge = [this](Operation *op) {
      auto command = dyn_cast<npu::CommandInterface>(op);
      return command && isLargeLoad(command);
    };
    bool isSegment = llvm::any_of(inside, isLarge);
    if (isSegment)
      newSegment();
    auto isEarlyScalar = [this](Operation *op) {
      Effects effects = effectsOf(op);
      return effects.registerWritten >= 0 && mayGoUp(effects);
    };
    bool goesUp = !loadedBelow.contains(static_cast<int64_t>(branch.getReg())) && llvm::all_of(inside, isEarlyScalar);
    // In a branch no segment begins, so the list stays where it is.
    std::vector<Operation *> &list = goesUp ? above().early : segments.back().rest;
    list.push_back(branch);
    if (goesUp) {
      hoisted += static_cast<int64_t>(inside.size());
      llvm::append_range(list, inside);
    } else {
      inBranch = true;
      llvm::for_each(inside, [this](Operation *op) { visit(op); });
      inBranch = false;
    }
    list.push_back(join);
    if (isSegment)
      newSegment();
    return join;
  }

  void newSegment() {
    segments.emplace_back();
    loading.clear();
  }

  /// Outside of branches, at a queue's second large load.
  void beginSegment(Operation *op) {
    auto load = dyn_cast<npu::CommandInterface>(op);
    if (!load || inBranch || !isLargeLoad(load))
      return;
    if (loading.contains(load.getQueue()))
      newSegment();
    loading.insert(load.getQueue());
  }

  bool isLargeLoad(npu::CommandInterface command) const {
    return command.getQueue().getUnit() == npu::Unit::NeuralDma && bytesOf(command) > smallBytes;
  }
  bool isSmallLoad(npu::CommandInterface command) const {
    return command.getQueue().getUnit() == npu::Unit::NeuralDma && bytesOf(command) <= smallBytes;
  }

  void chooseQueue(npu::CommandInterface load) {
    if (!busy.contains(load.getQueue()))
      return;
    auto loadsRegister = [](Operation *user) { return effectsOf(user).registerWritten >= 0; };
    bool isUrgent = llvm::any_of(load.getTouches(), [&](const Touch &touch) {
      return touch.isWrite && llvm::any_of(touch.memory.getUsers(), loadsRegister);
    });
    if (!isUrgent || urgent++ % 2 == 1)
      load.setQueue(npu::QueueAttr::get(load.getContext(), npu::Unit::TaskDma, load.getQueue().getIndex()));
  }

  bool isSmall(Operation *op, const Effects &effects) const {
    if (auto command = dyn_cast<npu::CommandInterface>(op); command && isSmallLoad(command))
      return true;
    // Of a branch, nothing that could fail is done when it is skipped, and nothing for long.
    if (inBranch)
      return false;
    if (auto vector = dyn_cast<npu::VectorOp>(op)) {
      int64_t elements = 1;
      for (ArrayRef<int64_t> extents : {vector.getOuter(), vector.getInner()})
        for (int64_t extent : extents)
          elements = std::min(elements, tuning::smallElements + 1) * std::min(extent, tuning::smallElements + 1);
      return elements <= tuning::smallElements;
    }
    return effects.registerWritten >= 0;
  }

  bool mayGoUp(const Effects &effects) const {
    for (const Touch &touch : effects.touches) {
      Operation *memory = touch.memory.getDefiningOp();
      if (auto array = dyn_cast<npu::ArgumentOp>(memory)) {
        if (touch.isWrite || array.getDirection() != "in")
          return false;
        continue;
      }
      if (isa<npu::ConstantOp>(memory))
        continue;
      // What a skipped branch does not write keeps its value, so a branch's command goes up with buffers of its own.
      if (touch.isWrite ? touchedBelow.contains(touch.memory) || (inBranch && placed.contains(memory))
                        : writtenBelow.contains(touch.memory) || !placed.contains(memory))
        return false;
    }
    return llvm::none_of(effects.registersRead, [&](int64_t reg) { return inBranch || loadedBelow.contains(reg); });
  }

  void record(const Effects &effects, bool goesUp) {
    if (goesUp)
      return;
    for (const Touch &touch : effects.touches) {
      touchedBelow.insert(touch.memory);
      if (touch.isWrite)
        writtenBelow.insert(touch.memory);
    }
    if (effects.registerWritten >= 0)
      loadedBelow.insert(effects.registerWritten);
  }

  Block &body;
  int64_t smallBytes;
  SmallVector<Operation *> declarations;
  std::vector<Segment> segments{1};
  llvm::DenseSet<Operation *> placed; // buffers that have a place
  llvm::DenseSet<Attribute> busy;     // queues that load large blocks
  llvm::DenseSet<Attribute> loading;  // queues that have loaded a large block in this segment
  bool inBranch = false;
  int64_t hoisted = 0; // commands that go up
  int urgent = 0;      // loads of what registers are loaded from
  /// What commands that stay where they are touch, write and load so far.
  llvm::DenseSet<Value> touchedBelow, writtenBelow;
  llvm::DenseSet<int64_t> loadedBelow;
};

} // namespace

int64_t hoistCommands(npu::ProgramOp program, const Target &target) { return Hoister(program, target).run(); }

} // namespace rblnc::plan
