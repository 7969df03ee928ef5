// Programs: registers, queues, and each command by its kind.
#include "Context.h"

#include "Access.h"
#include "rblnc/bundle/Commands.h"
#include "rblnc/bundle/Describe.h"
#include "rblnc/bundle/Ops.h"
#include "rblnc/support/Watch.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace rblnc::bundle {
namespace verifier {
namespace {

llvm::Error verifyRegisters(Context &context) {
  if (context.registerCount() > maxRegisters)
    return context.tooMany("the program has", context.registerCount(), "registers", maxRegisters);
  for (uint32_t i = 0; i < context.registerCount(); ++i)
    if (context.registerAt(i).min() > context.registerAt(i).max())
      return context.error(Code::B022, fmt::format("register {} has a minimum above its maximum", i));
  return llvm::Error::success();
}

llvm::Error verifyOverflowCheck(Context &context, const OverflowCheck &check) {
  if (check.operation() > CheckedOp::MAX)
    return context.error(Code::B035, "it checks an unknown operation");
  if (check.width() < 1 || check.width() > 64)
    return context.error(Code::B026, fmt::format("it checks an integer of {} bits", check.width()));
  if (check.line() >= std::max<size_t>(1, sizeOf(context.bundle.lines())))
    return context.error(Code::B022,
                         fmt::format("it names line {} of {}", check.line(), sizeOf(context.bundle.lines())));
  bool isAppend = check.operation() == CheckedOp::append || check.operation() == CheckedOp::append_last;
  if (isAppend ? check.partition() < 1 : check.partition() != 0)
    return context.error(Code::B022, fmt::format("a check has a partition of {} rows", check.partition()));
  size_t count = sizeOf(check.registers());
  if (count > maxTerms)
    return context.tooMany("a check has", count, "registers", maxTerms);
  if (sizeOf(check.lhs()) != count + 2 || sizeOf(check.rhs()) != count + 2)
    return context.error(Code::B022, "a check has a number of factors other than that of its registers");
  for (const auto *list : {check.registers(), check.unless()})
    for (uint32_t i = 0; i < sizeOf(list); ++i)
      if (list->Get(i) >= context.registerCount())
        return context.error(Code::B022,
                             fmt::format("a check uses register {} of {}", list->Get(i), context.registerCount()));
  return context.addItems(1 + sizeOf(check.unless()));
}

llvm::Error verifySemaphore(Context &context, uint32_t semaphore) {
  if (semaphore >= context.program->semaphores())
    return context.error(Code::B022,
                         fmt::format("it uses semaphore {} of {}", semaphore, context.program->semaphores()));
  return llvm::Error::success();
}

} // namespace

llvm::Error verifyBody(Context &context, const LoadScalar &load) {
  if (load.register_() >= context.registerCount())
    return context.error(Code::B022,
                         fmt::format("it loads register {} of {}", load.register_(), context.registerCount()));
  if (!isInt(load.source()->dtype()))
    return context.error(Code::B026, fmt::format("it loads a register from {}", nameOf(load.source()->dtype())));
  for (uint32_t i = 0; i < sizeOf(load.checks()); ++i)
    if (llvm::Error error = verifyOverflowCheck(context, *load.checks()->Get(i)))
      return error;
  // One element: it has index zero in whatever dimensions the access has.
  if (sizeOf(load.source()->strides()) > maxRank)
    return context.tooMany("its source has", sizeOf(load.source()->strides()), "dimensions", maxRank);
  Extents shape(sizeOf(load.source()->strides()), 1);
  if (llvm::Error error = context.addWork(1))
    return error;
  return verifyAccess(context, *load.source(), shape, nullptr, /*isWritten=*/false, "the source");
}

llvm::Error verifyBody(Context &context, const Skip &skip) {
  if (skip.register_() >= context.registerCount())
    return context.error(Code::B022,
                         fmt::format("it looks at register {} of {}", skip.register_(), context.registerCount()));
  size_t rest = context.queue->commands()->size() - context.commandNumber - 1;
  if (skip.count() > rest)
    return context.error(Code::B030,
                         fmt::format("it skips {} commands, and {} are left in the queue", skip.count(), rest));
  return llvm::Error::success();
}

llvm::Error verifyBody(Context &context, const Signal &signal) { return verifySemaphore(context, signal.semaphore()); }

llvm::Error verifyBody(Context &context, const Wait &wait) { return verifySemaphore(context, wait.semaphore()); }

namespace {

llvm::Error verifyCommand(Context &context, const Command &command) {
  if (command.line() >= std::max<size_t>(1, sizeOf(context.bundle.lines())))
    return context.error(Code::B022,
                         fmt::format("it names line {} of {}", command.line(), sizeOf(context.bundle.lines())));
  // Even a command that does nothing takes its time.
  if (llvm::Error error = context.addWork(1))
    return error;
  if (llvm::Error error = context.addItems(1))
    return error;
  return visit(
      command, [&](const auto &body) { return verifyBody(context, body); },
      [&] {
        return context.error(Code::B035,
                             fmt::format("it is of the unknown kind {}", static_cast<int>(command.body_type())));
      });
}

llvm::Error verifyQueues(Context &context) {
  std::set<std::pair<Unit, uint32_t>> seen;
  if (sizeOf(context.program->queues()) > maxQueues)
    return context.tooMany("the program has", context.program->queues()->size(), "queues", maxQueues);
  for (uint32_t q = 0; q < sizeOf(context.program->queues()); ++q) {
    const Queue &queue = *context.program->queues()->Get(q);
    context.queueNumber = q;
    context.queue = &queue;
    if (queue.unit() > Unit::MAX)
      return context.error(Code::B035, "it belongs to no unit");
    if (!seen.insert({queue.unit(), queue.index()}).second)
      return context.error(Code::B035, "another queue has the same unit and number");
    if (queue.unit() == Unit::neural_engine && queue.index() >= context.target().engines())
      return context.error(Code::B022, fmt::format("the target has {} engines", context.target().engines()));
    for (uint32_t c = 0; c < sizeOf(queue.commands()); ++c) {
      context.commandNumber = c;
      context.command = queue.commands()->Get(c);
      if (wasStopped())
        return context.error(Code::R015, "the bundle was being verified");
      if (llvm::Error error = verifyCommand(context, *context.command))
        return error;
    }
    context.command = nullptr;
  }
  context.queue = nullptr;
  return llvm::Error::success();
}

} // namespace

llvm::Error verifyProgram(Context &context) {
  const Program &program = *context.program;
  if (program.target() >= sizeOf(context.bundle.targets()))
    return context.error(Code::B022, fmt::format("kernel '{}' names target {} of {}", program.kernel()->str(),
                                                 program.target(), sizeOf(context.bundle.targets())));
  if (program.semaphores() > maxSemaphores)
    return context.tooMany("the program has", program.semaphores(), "semaphores", maxSemaphores);
  if (llvm::Error error = verifyRegisters(context))
    return error;
  if (llvm::Error error = verifyQueues(context))
    return error;
  return verifySynchronisation(context);
}

} // namespace verifier

llvm::Error verify(const Bundle &bundle, const VerifyLimits &limits) {
  std::vector<bool> inputRegions;
  verifier::Context context{bundle, limits, inputRegions};
  if (llvm::Error error = verifier::verifyTargets(context))
    return error;
  if (llvm::Error error = verifier::verifySignature(context, inputRegions))
    return error;
  if (bundle.programs())
    for (const Program *program : *bundle.programs()) {
      verifier::Context inside{bundle, limits, inputRegions, program};
      if (llvm::Error error = verifier::verifyProgram(inside))
        return error;
    }
  return llvm::Error::success();
}

} // namespace rblnc::bundle
