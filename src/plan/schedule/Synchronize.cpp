// Synchronisation: each queue counts its finished commands in a semaphore, and a command that depends on one of another
// queue waits for the count.
//
// Commands of a branch may be skipped, and then their signals do not count. So a branch's own signals and waits use
// semaphores of their own; what a branch needs from outside is waited for before the skip, whether it is taken or not;
// and what outside needs from inside is signalled after the skipped commands. A branch therefore has two more places in
// each of its queues, its entry and its exit, that are treated like commands.
#include "Passes.h"
#include "analysis/Hazards.h"
#include "rblnc/support/Watch.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallSet.h"

#include <algorithm>
#include <map>
#include <vector>

using namespace mlir;

namespace rblnc::plan {

namespace {

constexpr int outside = -1;

struct Command {
  /// The command; npu.branch and npu.join for entries and exits.
  Operation *op;
  int queue;
  /// Number of the branch that it is in. Entries and exits are outside.
  int branch = outside;
  Needs needs;
  bool signalled = false;
};

class Synchronizer {
public:
  explicit Synchronizer(npu::ProgramOp program) : program(program) {}

  int64_t run() {
    listCommands();
    findNeeds();
    if (wasStopped())
      return 0;
    dropImpliedWaits();
    nameSemaphores();
    return emit();
  }

private:
  void append(Command command) {
    byQueue[command.queue].push_back(commands.size());
    commands.push_back(std::move(command));
  }

  Command &at(int queue, Position position) { return commands[byQueue[queue][position - 1]]; }

  /// All commands in program order, with an entry and an exit for each queue that has commands in a branch.
  void listCommands() {
    Block &body = program.getBody().front();
    for (Operation &op : body)
      if (auto command = dyn_cast<npu::CommandInterface>(op))
        queues.insert({command.getQueue(), static_cast<int>(queues.size())});
    byQueue.resize(queues.size());
    int branch = outside, branches = 0;
    llvm::SmallSet<int, 4> used;
    for (Operation &op : body) {
      if (isa<npu::BranchOp>(op)) {
        branch = branches++;
        used.clear();
        for (Operation *inside = op.getNextNode(); !isa<npu::JoinOp>(inside); inside = inside->getNextNode())
          if (auto command = dyn_cast<npu::CommandInterface>(inside))
            used.insert(queues.lookup(command.getQueue()));
        for (int queue = 0; queue < static_cast<int>(queues.size()); ++queue)
          if (used.contains(queue))
            append({&op, queue, outside, {}});
      } else if (isa<npu::JoinOp>(op)) {
        exits.resize(branches);
        for (int queue = 0; queue < static_cast<int>(queues.size()); ++queue)
          if (used.contains(queue)) {
            append({&op, queue, outside, {}});
            exits[branch][queue] = static_cast<Position>(byQueue[queue].size());
          }
        branch = outside;
      } else if (auto command = dyn_cast<npu::CommandInterface>(op)) {
        append({&op, queues.lookup(command.getQueue()), branch, {}});
      }
    }
  }

  /// What each command depends on. A need of what lies in another branch is one of that branch's exit; the needs of a
  /// branch's commands on what lies before it are its entry's.
  void findNeeds() {
    Hazards hazards(program.getRegisters());
    Needs done(queues.size(), 0), none(queues.size(), 0);
    // Of the branch that the walk is in: what was done before it, and the numbers of its entries.
    Needs before;
    std::vector<size_t> entry(queues.size(), 0);
    int branch = outside;
    for (size_t number = 0; number < commands.size() && !wasStopped(); ++number) {
      Command &command = commands[number];
      command.needs = none;
      if (command.branch != branch) {
        before = done;
        branch = command.branch;
      }
      Position position = ++done[command.queue];
      if (isa<npu::JoinOp>(command.op))
        continue;
      Effects effects;
      if (auto branchOp = dyn_cast<npu::BranchOp>(command.op)) {
        effects.registersRead.push_back(static_cast<int64_t>(branchOp.getReg()));
        entry[command.queue] = number;
      } else {
        effects = effectsOf(command.op);
      }
      Dependence dependence{branch, branch == outside ? done : before, none, none};
      hazards.follow(effects, command.queue, position, dependence);
      command.needs = dependence.inside;
      Needs &early = commands[branch == outside ? number : entry[command.queue]].needs;
      for (int queue = 0; queue < static_cast<int>(queues.size()); ++queue)
        if (Position need = dependence.before[queue]) {
          int where = at(queue, need).branch;
          early[queue] = std::max(early[queue], where == outside ? need : exits[where].at(queue));
        }
      // A queue's own order needs no wait.
      command.needs[command.queue] = early[command.queue] = 0;
    }
  }

  /// Keeps only the waits that an earlier wait of the same queue does not imply, and marks what they wait for. What was
  /// waited for inside of a branch may have been skipped, so it implies nothing after it.
  void dropImpliedWaits() {
    std::vector<Needs> waited(queues.size(), Needs(queues.size(), 0)), before;
    int branch = outside;
    for (Command &command : commands) {
      if (command.branch != branch) {
        if (branch == outside)
          before = waited;
        else
          waited = before;
        branch = command.branch;
      }
      for (size_t other = 0; other < queues.size(); ++other) {
        Position &need = command.needs[other];
        if (need <= waited[command.queue][other]) {
          need = 0;
          continue;
        }
        waited[command.queue][other] = need;
        at(static_cast<int>(other), need).signalled = true;
      }
    }
  }

  /// Numbers the semaphores, one a queue and one more for each branch that signals in it, and what each reaches.
  void nameSemaphores() {
    for (size_t queue = 0; queue < queues.size(); ++queue)
      semaphores[{static_cast<int>(queue), outside}] = static_cast<int64_t>(queue);
    values.resize(queues.size());
    std::map<std::pair<int, int>, int64_t> counts;
    for (const Command &command : commands) {
      std::pair<int, int> key{command.queue, command.branch};
      if (command.signalled)
        semaphores.try_emplace(key, static_cast<int64_t>(semaphores.size()));
      values[command.queue].push_back(counts[key] += command.signalled);
    }
    program.setSemaphores(static_cast<int64_t>(semaphores.size()));
  }

  /// Gives how many signals and waits there are.
  int64_t emit() {
    OpBuilder builder(program.getContext());
    std::vector<Position> done(queues.size(), 0);
    // The npu.skip of each queue in the branch that the walk is in, and how many commands it skips.
    std::vector<npu::SkipOp> skips(queues.size());
    std::vector<int64_t> skipped(queues.size(), 0);
    int64_t all = 0;
    for (Command &command : commands) {
      ++done[command.queue];
      Location location = command.op->getLoc();
      auto queue = cast<npu::QueueAttr>(queues.begin()[command.queue].first);
      auto branch = dyn_cast<npu::BranchOp>(command.op);
      bool isPlace = branch || isa<npu::JoinOp>(command.op);
      builder.setInsertionPoint(command.op);
      int64_t emitted = 0;
      for (int other = 0; other < static_cast<int>(queues.size()); ++other)
        if (Position need = command.needs[other]) {
          npu::WaitOp::create(builder, location, queue, semaphores.at({other, at(other, need).branch}),
                              values[other][need - 1]);
          ++emitted;
        }
      if (branch) {
        all += emitted;
        skips[command.queue] =
            npu::SkipOp::create(builder, location, queue, branch.getReg(), branch.getWhenZero(), int64_t(0));
        skipped[command.queue] = 0;
        continue;
      }
      if (isPlace)
        skips[command.queue].setCount(skipped[command.queue]);
      else
        builder.setInsertionPointAfter(command.op);
      if (command.signalled) {
        npu::SignalOp::create(builder, location, queue, semaphores.at({command.queue, command.branch}));
        ++emitted;
      }
      all += emitted;
      if (command.branch != outside)
        skipped[command.queue] += emitted + 1;
    }
    for (Operation &op : llvm::make_early_inc_range(program.getBody().front()))
      if (isa<npu::BranchOp, npu::JoinOp>(op))
        op.erase();
    return all;
  }

  npu::ProgramOp program;
  llvm::MapVector<Attribute, int> queues;
  std::vector<Command> commands;
  std::vector<std::vector<size_t>> byQueue;          // command numbers, by position - 1
  std::vector<std::map<int, Position>> exits;        // by branch and queue
  std::map<std::pair<int, int>, int64_t> semaphores; // by queue and branch
  std::vector<std::vector<int64_t>> values;          // a semaphore's value after a position, by queue
};

} // namespace

int64_t synchronize(npu::ProgramOp program) { return Synchronizer(program).run(); }

} // namespace rblnc::plan
