// The machine: memories, registers and semaphores, and the queues that take turns.
#include "rblnc/emulator/Machine.h"

#include "checks/Checker.h"
#include "checks/Findings.h"
#include "memory/HostMemory.h"
#include "memory/MemoryPlan.h"
#include "program/Program.h"
#include "timing/Recorder.h"

#include "rblnc/bundle/Describe.h"
#include "rblnc/support/Error.h"
#include "rblnc/support/Random.h"
#include "rblnc/support/Watch.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace rblnc::emulator {
namespace {

bool isArgument(const bundle::Bundle &bundle, std::string_view name) {
  const auto *signature = bundle.signature();
  return signature && std::any_of(signature->begin(), signature->end(), [&](const bundle::Argument *argument) {
           return argument->name()->string_view() == name;
         });
}

/// One run of a program.
class Run {
public:
  Run(const DecodedProgram &program, const RunOptions &options, HostMemory &host)
      : program(program), options(options), arena(host.arena), memories(host.blocks), findings(program),
        recorder(program, options.profile) {
    observers.push_back(&recorder);
    if (options.checks)
      observers.push_back(&checker.emplace(program, findings));
  }

  llvm::Expected<RunResult> run(ArgumentList arguments, const std::vector<MemoryNeed> &needs) {
    if (llvm::Error error = bindArguments(arguments))
      return error;
    if (llvm::Error error = allocateMemories(needs))
      return error;
    for (uint32_t i = 0; i < program.registerCount(); ++i) {
      // A value that every proof covers, should a program use the register before it loads it.
      const bundle::Register &reg = *program.program->registers()->Get(i);
      registers.push_back(std::clamp<int64_t>(0, reg.min(), reg.max()));
    }
    semaphores.resize(program.program->semaphores());
    position.resize(program.queues.size());
    std::function<double()> meter = [this] { return shareDone(); };
    WatchedStep step("run", &meter);
    if (llvm::Error error = runQueues())
      return error;
    RunResult result = recorder.finish();
    result.findings = findings.take();
    return result;
  }

private:
  llvm::Error fail(Code code, std::string message, std::optional<CommandPlace> place = {}, std::string fix = {}) {
    Diagnostic diagnostic{code, Severity::Error, std::move(message), {}, std::move(fix), {}};
    if (place) {
      diagnostic.message = nameOf(program, *place) + ": " + diagnostic.message;
      diagnostic.frames = framesOf(program, *place);
    }
    return llvm::make_error<DiagnosticError>(std::move(diagnostic));
  }

  // ---- Memories ----------------------------------------------------------------------------------------------------

  llvm::Error bindArguments(ArgumentList arguments) {
    const auto *signature = program.bundle->signature();
    size_t count = signature ? signature->size() : 0;
    if (arguments.size() != count)
      return fail(Code::R031, fmt::format("the kernel has {} arguments, and {} were given", count, arguments.size()));
    for (uint32_t i = 0; i < count; ++i) {
      const bundle::Argument &argument = *signature->Get(i);
      auto needed = static_cast<uint64_t>(program.bundle->regions()->Get(argument.region())->bytes());
      std::span<std::byte> given = arguments[i];
      if (given.size() < needed)
        return fail(Code::R031, fmt::format("argument '{}' needs {} bytes, and its array has {}",
                                            argument.name()->string_view(), needed, given.size()));
      if (!given.data() && needed > 0)
        return fail(Code::R031, fmt::format("argument '{}' is at address 0", argument.name()->string_view()));
      memories.setRegion(argument.region(), {reinterpret_cast<uint8_t *>(given.data()), needed});
    }
    return llvm::Error::success();
  }

  llvm::Error allocateMemories(const std::vector<MemoryNeed> &needs) {
    const auto *regions = program.bundle->regions();
    for (uint32_t i = 0; i < (regions ? regions->size() : 0); ++i)
      if (const bundle::Region &region = *regions->Get(i); region.kind() == bundle::RegionKind::constant)
        // Constants are read where the bundle has them; the verifier lets no command write them.
        memories.setRegion(i, {const_cast<uint8_t *>(region.data() ? region.data()->data() : nullptr),
                               static_cast<uint64_t>(region.bytes())});
    uint64_t total = 0;
    for (const MemoryNeed &need : needs) {
      // The verifier has bounded each of them.
      total += need.bytes;
      if (total > options.maxMemoryBytes || !memories.allocate(need))
        return fail(Code::R032, fmt::format("the program needs {} bytes of memory or more, and the limit is {}", total,
                                            options.maxMemoryBytes));
    }
    return llvm::Error::success();
  }

  // ---- Queues ------------------------------------------------------------------------------------------------------

  /// The share of the work that is done, by the elements that commands touch.
  double shareDone() const {
    double done = 0, all = 0;
    for (size_t q = 0; q < program.queues.size(); ++q)
      for (size_t c = 0; c < program.queues[q].commands.size(); ++c) {
        double work = program.queues[q].commands[c].visit([](const auto &body) { return body.work(); });
        all += work;
        done += c < position[q] ? work : q == running && c == position[q] ? part * work : 0;
      }
    return all > 0 ? done / all : 0;
  }

  llvm::Error runQueues() {
    Context context{kernels(), memories,      registers, arena, deviceRounding(), program.target().dot_chunk_elements(),
                    &part,     options.checks};
    if (llvm::Error error = options.order ? takeRandomSteps(context, *options.order) : takeTurns(context))
      return error;
    for (uint32_t q = 0; q < program.queues.size(); ++q)
      if (position[q] < program.queues[q].commands.size())
        return fail(Code::R033, "no queue can go on, and this one waits",
                    CommandPlace{q, static_cast<uint32_t>(position[q])});
    return llvm::Error::success();
  }

  llvm::Error takeTurns(const Context &context) {
    bool hasMoved = true;
    while (hasMoved) {
      hasMoved = false;
      for (uint32_t q = 0; q < program.queues.size(); ++q) {
        size_t before = position[q];
        if (llvm::Error error = runQueue(context, q))
          return error;
        hasMoved |= position[q] != before;
      }
    }
    return llvm::Error::success();
  }

  /// One command at a time, of any queue that can go on.
  llvm::Error takeRandomSteps(const Context &context, uint64_t seed) {
    Random random(seed, "order of the queues");
    std::vector<uint32_t> ready(program.queues.size());
    std::iota(ready.begin(), ready.end(), 0);
    std::vector<std::vector<uint32_t>> waiting(semaphores.size());
    while (!ready.empty()) {
      uint32_t &picked = ready[random.next() % ready.size()];
      uint32_t q = picked;
      const std::vector<DecodedCommand> &commands = program.queues[q].commands;
      size_t before = position[q];
      if (llvm::Error error = runQueue(context, q, before + 1))
        return error;
      if (position[q] == before) {
        if (before < commands.size())
          waiting[std::get<WaitCommand>(commands[before].body).semaphore].push_back(q);
        picked = ready.back();
        ready.pop_back();
      } else if (auto *signal = std::get_if<SignalCommand>(&commands[before].body)) {
        std::vector<uint32_t> &waiters = waiting[signal->semaphore];
        ready.insert(ready.end(), waiters.begin(), waiters.end());
        waiters.clear();
      }
    }
    return llvm::Error::success();
  }

  RoundFn deviceRounding() const {
    if (options.numerics == Numerics::ieee)
      return nullptr;
    return program.target().compute_dtype()->string_view() == "bf16" ? kernels().roundBf16 : kernels().roundDlf16;
  }

  /// Runs a queue until it ends, has to wait, or has come to the command of number `end`.
  llvm::Error runQueue(const Context &context, uint32_t q, size_t end = SIZE_MAX) {
    const std::vector<DecodedCommand> &commands = program.queues[q].commands;
    end = std::min(end, commands.size());
    for (size_t &next = position[q]; next < end; ++next) {
      CommandPlace place{q, static_cast<uint32_t>(next)};
      // Commands that take long ask by themselves.
      if (steps++ % 16 == 0 && wasStopped())
        return interrupted(place);
      if (auto *wait = std::get_if<WaitCommand>(&commands[next].body);
          wait && semaphores[wait->semaphore] < wait->value)
        return llvm::Error::success();
      uint32_t skipped = 0;
      if (llvm::Error error = runCommand(context, commands[next], place, skipped))
        return error;
      next += skipped;
    }
    return llvm::Error::success();
  }

  /// Runs a command that need not wait; `skipped` becomes how many commands behind it are passed over.
  llvm::Error runCommand(const Context &context, const DecodedCommand &command, CommandPlace place, uint32_t &skipped) {
    return command.visit(bundle::Overloaded{
        [&](const WaitCommand &wait) -> llvm::Error {
          notify([&](Observer &observer) { observer.afterWait(place, wait.semaphore, wait.value); });
          return llvm::Error::success();
        },
        [&](const SignalCommand &signal) -> llvm::Error {
          ++semaphores[signal.semaphore];
          notify([&](Observer &observer) { observer.afterSignal(place, signal.semaphore); });
          return llvm::Error::success();
        },
        [&](const SkipCommand &skip) -> llvm::Error {
          bool isTaken = (registers[skip.reg] == 0) == skip.whenZero;
          skipped = isTaken ? skip.count : 0;
          notify([&](Observer &observer) { observer.afterSkip(place, skip.reg, skipped); });
          return llvm::Error::success();
        },
        [&](const LoadScalarCommand &load) { return loadScalar(context, load, *command.source, place); },
        // All others move or compute; one that does neither has no `execute`.
        [&](const auto &body) { return execute(context, body, *command.source, place); }});
  }

  template <typename Body>
  void announce(const Context &context, const Body &body, const bundle::Command &source, CommandPlace place) {
    Touched touched = body.touched(source, context);
    notify([&](Observer &observer) { observer.beforeCommand(place, touched); });
  }

  llvm::Error loadScalar(const Context &context, const LoadScalarCommand &load, const bundle::Command &source,
                         CommandPlace place) {
    announce(context, load, source, place);
    std::optional<int64_t> value = load.execute(context);
    if (!value)
      return outOfRange(place);
    const bundle::Register &reg = *program.program->registers()->Get(load.reg);
    std::string name = reg.name() && reg.name()->size() ? fmt::format("'{}'", reg.name()->string_view())
                                                        : fmt::format("register {}", load.reg);
    Diagnostic fault{Code::R036, Severity::Error, {}, {}, {}, {}};
    if (const bundle::OverflowCheck *check = load.findFault(*value, registers, name, options.appendChecks, fault)) {
      fault.frames = bundle::framesOf(*program.bundle, check->line());
      return llvm::make_error<DiagnosticError>(std::move(fault));
    }
    if (*value < reg.min() || *value > reg.max()) {
      return fail(Code::R034, fmt::format("{} is {}, and must be {} to {}", name, *value, reg.min(), reg.max()), place,
                  fmt::format("pass a value from {} to {}", reg.min(), reg.max()));
    }
    registers[load.reg] = *value;
    notify([&](Observer &observer) { observer.afterLoadScalar(place, load.reg); });
    return llvm::Error::success();
  }

  template <typename Body>
  llvm::Error execute(const Context &context, const Body &body, const bundle::Command &source, CommandPlace place) {
    announce(context, body, source, place);
    running = place.queue;
    part = 0;
    Outcome outcome = body.execute(context);
    if (outcome.fault)
      return fail(outcome.fault->code, std::move(outcome.fault->message), place, std::move(outcome.fault->fix));
    if (outcome.isOutOfRange)
      return outOfRange(place);
    if (outcome.wasStopped)
      return interrupted(place);
    notify([&](Observer &observer) { observer.afterCommand(place, outcome); });
    return llvm::Error::success();
  }

  llvm::Error interrupted(CommandPlace place) { return fail(Code::R015, "the run was interrupted here", place); }

  llvm::Error outOfRange(CommandPlace place) { return fail(Code::R035, "it reaches outside of a memory", place); }

  template <typename F> void notify(F f) {
    for (Observer *observer : observers)
      f(*observer);
  }

  const DecodedProgram &program;
  const RunOptions &options;
  Arena &arena;
  Memories memories;
  std::vector<int64_t> registers;
  std::vector<uint64_t> semaphores;
  std::vector<size_t> position;
  uint64_t steps = 0;
  /// The queue of the command that runs, and the part of it that is done.
  uint32_t running = 0;
  double part = 0;
  Findings findings;
  Recorder recorder;
  std::optional<Checker> checker;
  llvm::SmallVector<Observer *, 2> observers;
};

} // namespace

struct Machine::Impl {
  DecodedProgram program;
  std::vector<MemoryNeed> needs;
};

Machine::Machine(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
Machine::Machine(Machine &&) noexcept = default;
Machine &Machine::operator=(Machine &&) noexcept = default;
Machine::~Machine() = default;

llvm::Expected<Machine> Machine::create(const bundle::OpenBundle &bundle, uint32_t program) {
  uint32_t count = bundle->programs() ? bundle->programs()->size() : 0;
  if (program >= count)
    return makeError(Code::R030,
                     fmt::format("the bundle has {} programs, and number {} was asked for", count, program));
  auto impl = std::make_unique<Impl>();
  impl->program = DecodedProgram::decode(*bundle, *bundle->programs()->Get(program));
  impl->needs = planMemories(*bundle, *bundle->programs()->Get(program));
  return Machine(std::move(impl));
}

llvm::Expected<RunResult> Machine::run(ArgumentList arguments, const RunOptions &options) const {
  HostMemory &host = HostMemory::ofThread();
  auto result = Run(impl->program, options, host).run(arguments, impl->needs);
  host.arena.shrink(HostMemory::maxKeptBytes);
  return result;
}

void Machine::forgetThread() { HostMemory::forgetThread(); }

llvm::Expected<RunResult> Machine::run(const Arguments &arguments, const RunOptions &options) const {
  std::vector<std::span<std::byte>> list;
  if (const auto *signature = impl->program.bundle->signature())
    for (const bundle::Argument *argument : *signature) {
      auto given = arguments.find(argument->name()->string_view());
      if (given == arguments.end())
        return makeError(Code::R031,
                         fmt::format("argument '{}' is not bound to an array", argument->name()->string_view()));
      list.push_back(given->second);
    }
  if (list.size() != arguments.size())
    for (const auto &[name, bytes] : arguments)
      if (!isArgument(*impl->program.bundle, name))
        return makeError(Code::R031, fmt::format("the kernel has no argument '{}'", name));
  return run(list, options);
}

} // namespace rblnc::emulator
