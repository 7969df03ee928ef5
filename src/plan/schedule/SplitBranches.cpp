// Outside of a branch, what depends on one of its commands waits for all that the command's queue does in the branch.
// So what a branch can do first becomes branches of their own in front of it, on the same condition: registers, which
// may go up from there, and stores of what was there before the branch, such as new rows of a cache, which then hold up
// no load of a later branch.
#include "Passes.h"
#include "analysis/Hazards.h"
#include "analysis/Transfer.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseSet.h"

#include <vector>

using namespace mlir;

namespace rblnc::plan {
namespace {

/// A branch: its ends and its commands. Buffers among them stay where they are declared.
struct Branch {
  npu::BranchOp begin;
  npu::JoinOp end;
  SmallVector<npu::CommandInterface> commands;
};

/// Which memories commands of a branch write that stay in it, and what they touch of arrays.
class Staying {
public:
  explicit Staying(ArrayAttr registers) : registers(registers) {}

  void add(npu::CommandInterface command) {
    Effects effects = effectsOf(command);
    for (const Touch &touch : effects.touches) {
      if (touch.memory.getDefiningOp<npu::ArgumentOp>())
        arrays.push_back({touch.memory, touch.isWrite, Footprint::of(touch, registers)});
      else if (touch.isWrite)
        written.insert(touch.memory);
    }
    if (effects.registerWritten >= 0)
      loaded.insert(effects.registerWritten);
  }

  /// Whether a command could as well come before all of them. Of buffers it may only read.
  bool mayComeBefore(npu::CommandInterface command) const {
    Effects effects = effectsOf(command);
    for (const Touch &touch : effects.touches) {
      if (!touch.memory.getDefiningOp<npu::ArgumentOp>()) {
        if (touch.isWrite || written.contains(touch.memory))
          return false;
        continue;
      }
      Footprint footprint = Footprint::of(touch, registers);
      for (const Past &past : arrays)
        if (past.memory == touch.memory && (past.isWrite || touch.isWrite) && !footprint.isApartFrom(past.footprint))
          return false;
    }
    return llvm::none_of(effects.registersRead, [&](int64_t reg) { return loaded.contains(reg); });
  }

private:
  struct Past {
    Value memory;
    bool isWrite;
    Footprint footprint;
  };
  ArrayAttr registers;
  std::vector<Past> arrays;
  llvm::DenseSet<Value> written;
  llvm::DenseSet<int64_t> loaded;
};

/// Puts commands, if there are any, between a branch and a join of their own before a branch.
bool moveOut(const Branch &branch, ArrayRef<npu::CommandInterface> commands) {
  if (commands.empty())
    return false;
  OpBuilder builder(branch.begin);
  npu::BranchOp begin = branch.begin;
  builder.clone(*begin);
  auto end = npu::JoinOp::create(builder, npu::JoinOp(branch.end).getLoc());
  for (npu::CommandInterface command : commands)
    command->moveBefore(end);
  return true;
}

/// Gives how many branches it made.
int64_t split(const Branch &branch, ArrayAttr registers) {
  SmallVector<npu::CommandInterface> scalars, stores;
  Staying staying(registers);
  for (npu::CommandInterface command : branch.commands) {
    bool isFirst = (command.getLoadedRegister() >= 0 || isStore(command)) && staying.mayComeBefore(command);
    if (!isFirst)
      staying.add(command);
    else
      (isStore(command) ? stores : scalars).push_back(command);
  }
  if (scalars.size() + stores.size() == branch.commands.size())
    return 0; // nothing stays
  return static_cast<int64_t>(moveOut(branch, scalars)) + static_cast<int64_t>(moveOut(branch, stores));
}

} // namespace

int64_t splitBranches(npu::ProgramOp program) {
  SmallVector<Branch> branches;
  bool isInside = false;
  for (Operation &op : program.getBody().front()) {
    if (auto begin = dyn_cast<npu::BranchOp>(op)) {
      branches.push_back({begin, {}, {}});
      isInside = true;
    } else if (auto end = dyn_cast<npu::JoinOp>(op)) {
      branches.back().end = end;
      isInside = false;
    } else if (auto command = dyn_cast<npu::CommandInterface>(op); command && isInside) {
      branches.back().commands.push_back(command);
    }
  }
  int64_t made = 0;
  for (const Branch &branch : branches)
    made += split(branch, program.getRegisters());
  return made;
}

} // namespace rblnc::plan
