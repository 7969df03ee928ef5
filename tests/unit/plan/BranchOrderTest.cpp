// Synchronisation of programs with branches: whatever branches are taken, no command runs before an earlier one that it
// shares memory or a register with, and no queue waits for ever. Random programs are executed queue by queue with
// vector clocks.
#include "schedule/Passes.h"

#include "rblnc/npu/Dialect.h"

#include "catch2/catch.hpp"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"

#include <map>
#include <random>

using namespace mlir;
using namespace rblnc;

namespace {

constexpr int bufferCount = 6;
const char *const queueNames[] = {"neural_dma", "task_dma", "neural_engine", "command_processor"};

/// Transfers between buffers that overlap, on four queues, with scalar loads into registers and branches on them.
class Writer {
public:
  explicit Writer(uint32_t seed) : random(seed) {
    for (int i = 0; i < bufferCount; ++i)
      text += "%b" + std::to_string(i) + " = npu.buffer \"\" scratchpad 0 bytes 64 at " +
              std::to_string(32 * below(9)) + "\n";
    loadRegister();
    int parts = 3 + below(4);
    for (int part = 0; part < parts; ++part) {
      transfers(below(5));
      if (below(3) == 0)
        loadRegister();
      text += "npu.branch " + std::to_string(below(registers)) + (below(2) ? " when_zero\n" : "\n");
      transfers(below(6));
      text += "npu.join\n";
    }
    transfers(4);
  }

  std::string source() const {
    std::string list;
    for (int i = 0; i < registers; ++i)
      list += std::string(i ? ", " : "") + "#npu.register<0, 1, \"\">";
    return "npu.program @k target \"t\" registers [" + list + "] semaphores 0 {\n" + text + "}";
  }
  int registers = 0;

private:
  int below(int count) { return static_cast<int>(random() % static_cast<uint32_t>(count)); }
  std::string buffer() { return "%b" + std::to_string(below(bufferCount)); }
  void transfers(int count) {
    for (int i = 0; i < count; ++i)
      text += "npu.dma <" + std::string(queueNames[below(4)]) + " 0> [16] " + buffer() + " <f32, 0, [1]> to " +
              buffer() + " <f32, 0, [1]>\n";
  }
  void loadRegister() {
    text += "npu.load_scalar <command_processor 0> " + std::to_string(registers++) + " " + buffer() + " <i32, 0, []>\n";
  }

  std::mt19937 random;
  std::string text;
};

/// What one command touches: ranges of bytes, and registers as ranges below zero.
struct Touch {
  int64_t begin, end;
  bool write;
};

std::vector<Touch> touchesOf(Operation &op) {
  auto bytes = [](Value memory, bool write) {
    auto buffer = memory.getDefiningOp<npu::BufferOp>();
    auto begin = static_cast<int64_t>(*buffer.getOffset());
    return Touch{begin, begin + static_cast<int64_t>(buffer.getBytes()), write};
  };
  auto reg = [](uint64_t number, bool write) {
    int64_t place = -1 - static_cast<int64_t>(number);
    return Touch{place, place + 1, write};
  };
  if (auto dma = dyn_cast<npu::DmaOp>(op))
    return {bytes(dma.getSource(), false), bytes(dma.getDestination(), true)};
  if (auto load = dyn_cast<npu::LoadScalarOp>(op))
    return {bytes(load.getSource(), false), reg(load.getReg(), true)};
  if (auto skip = dyn_cast<npu::SkipOp>(op))
    return {reg(skip.getReg(), false)};
  return {};
}

bool conflict(const std::vector<Touch> &a, const std::vector<Touch> &b) {
  for (const Touch &x : a)
    for (const Touch &y : b)
      if ((x.write || y.write) && x.begin < y.end && y.begin < x.end)
        return true;
  return false;
}

/// By queue: how many of its commands are done.
using Clock = std::map<std::string, int64_t>;

struct Executed {
  std::string queue;
  int64_t number; // within the queue, from 1
  Clock clock;    // what is done before it, itself included
};

std::string nameOf(npu::QueueAttr queue) {
  return stringifyUnit(queue.getUnit()).str() + std::to_string(queue.getIndex());
}

/// Runs the queues of a program with these registers, in turns. Nothing if they wait for ever.
std::optional<std::map<Operation *, Executed>> execute(npu::ProgramOp program, unsigned registers) {
  std::map<std::string, std::vector<Operation *>> queues;
  for (Operation &op : program.getBody().front())
    if (auto queue = op.getAttrOfType<npu::QueueAttr>("queue"))
      queues[nameOf(queue)].push_back(&op);
  std::map<std::string, size_t> next;
  std::map<std::string, Clock> clocks;
  std::map<uint64_t, std::vector<Clock>> signals;
  std::map<Operation *, Executed> executed;
  for (bool moved = true; moved;) {
    moved = false;
    for (auto &[queue, commands] : queues) {
      Clock &clock = clocks[queue];
      for (size_t &at = next[queue]; at < commands.size(); moved = true) {
        Operation *op = commands[at];
        if (auto wait = dyn_cast<npu::WaitOp>(op)) {
          std::vector<Clock> &done = signals[wait.getSemaphore()];
          if (done.size() < wait.getValue())
            break;
          for (auto &[other, count] : done[wait.getValue() - 1])
            clock[other] = std::max(clock[other], count);
        }
        ++clock[queue];
        executed[op] = {queue, clock[queue], clock};
        if (auto signal = dyn_cast<npu::SignalOp>(op))
          signals[signal.getSemaphore()].push_back(clock);
        ++at;
        if (auto skip = dyn_cast<npu::SkipOp>(op))
          if (bool isZero = (registers >> skip.getReg() & 1) == 0; isZero == skip.getWhenZero())
            at += static_cast<size_t>(skip.getCount());
      }
    }
  }
  for (auto &[queue, commands] : queues)
    if (next[queue] != commands.size())
      return std::nullopt;
  return executed;
}

} // namespace

TEST_CASE("commands around and inside of branches keep their order whatever is skipped") {
  MLIRContext context;
  context.loadDialect<npu::NPUDialect>();
  for (uint32_t seed = 0; seed < 400; ++seed) {
    Writer writer(seed);
    auto module = parseSourceString<ModuleOp>(writer.source(), &context);
    REQUIRE(module);
    npu::ProgramOp program = *module->getOps<npu::ProgramOp>().begin();
    plan::synchronize(program);
    for (unsigned registers = 0; registers < 1u << writer.registers; ++registers) {
      INFO("seed " << seed << ", registers " << registers << "\n" << writer.source());
      auto executed = execute(program, registers);
      REQUIRE(executed);
      // The commands still stand in program order.
      std::vector<std::pair<const Executed *, std::vector<Touch>>> earlier;
      for (Operation &op : program.getBody().front()) {
        auto found = executed->find(&op);
        if (found == executed->end())
          continue;
        const Executed &later = found->second;
        std::vector<Touch> touches = touchesOf(op);
        for (auto &[first, before] : earlier)
          if (first->queue != later.queue && conflict(before, touches)) {
            auto known = later.clock.find(first->queue);
            bool isOrdered = known != later.clock.end() && known->second >= first->number;
            if (!isOrdered)
              FAIL("unordered");
          }
        if (!touches.empty())
          earlier.emplace_back(&later, std::move(touches));
      }
    }
  }
}

TEST_CASE("a skipped branch leaves every queue as many commands as it counts") {
  MLIRContext context;
  context.loadDialect<npu::NPUDialect>();
  for (uint32_t seed = 0; seed < 50; ++seed) {
    Writer writer(seed);
    auto module = parseSourceString<ModuleOp>(writer.source(), &context);
    REQUIRE(module);
    npu::ProgramOp program = *module->getOps<npu::ProgramOp>().begin();
    size_t transfers = std::distance(program.getOps<npu::DmaOp>().begin(), program.getOps<npu::DmaOp>().end());
    size_t inside = 0;
    bool isInside = false;
    for (Operation &op : program.getBody().front()) {
      isInside = (isInside || isa<npu::BranchOp>(op)) && !isa<npu::JoinOp>(op);
      inside += isInside && isa<npu::DmaOp>(op);
    }
    plan::synchronize(program);
    CHECK(program.getOps<npu::BranchOp>().empty());
    CHECK(program.getOps<npu::JoinOp>().empty());
    // All registers are zero.
    for (bool skipAll : {false, true}) {
      for (auto skip : program.getOps<npu::SkipOp>())
        skip.setWhenZero(skipAll);
      auto executed = execute(program, 0);
      REQUIRE(executed);
      size_t run = 0;
      for (auto &[op, record] : *executed)
        run += isa<npu::DmaOp>(op);
      CHECK(run == (skipAll ? transfers - inside : transfers));
    }
  }
}
