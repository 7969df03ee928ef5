#include "Pipeline.h"

#include "Dialects.h"
#include "Proof.h"
#include "rblnc/bundle/Prove.h"
#include "rblnc/bundle/Writer.h"
#include "rblnc/codegen/Encode.h"
#include "rblnc/npu/Dialect.h"
#include "rblnc/support/Error.h"
#include "rblnc/support/Watch.h"
#include "rblnc/triton/Location.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/IR/Verifier.h"

#include "llvm/Support/raw_ostream.h"

#include <chrono>

using mlir::ModuleOp;
using mlir::OwningOpRef;

namespace rblnc::driver {

static std::string textOf(mlir::Operation *module, bool locations, bool genericForm) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  mlir::OpPrintingFlags flags;
  flags.enableDebugInfo(locations);
  if (genericForm)
    flags.printGenericOpForm();
  module->print(stream, flags);
  return text + "\n";
}

static uint64_t countAll(mlir::Operation *root) {
  uint64_t count = 0;
  root->walk([&](mlir::Operation *) { ++count; });
  return count;
}

/// Without the module itself.
static uint64_t countOperations(ModuleOp module) { return module ? countAll(module) - 1 : 0; }

Pipeline::Pipeline(const Input &input, Diagnostics &diagnostics, const StepObserver &onStep)
    : input(input), diagnostics(diagnostics), onStep(onStep), context(makeFullContext()),
      handler(context.get(), [this](mlir::Diagnostic &diagnostic) {
        // Every room reports to `diagnostics`; what MLIR itself says is kept in case a room fails without a word.
        complaints += diagnostic.str() + "\n";
        return mlir::success();
      }) {}

template <typename Run> bool Pipeline::step(const char *name, Run run, std::string_view target) {
  complaints.clear();
  WatchedStep watched(name);
  auto start = std::chrono::steady_clock::now();
  observed = {};
  bool done = !wasStopped() && run();
  double milliseconds =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start - observed).count();
  // A step that was told to stop ends with whatever it has.
  if (wasStopped())
    diagnostics.report(Code::R015, std::string("the compilation was interrupted in the step '") + name + "'");
  if (!done && !diagnostics.hasErrors())
    diagnostics.report(Code::X001, "the step '" + std::string(name) + "' failed without saying why" +
                                       (complaints.empty() ? "" : ": " + complaints));
  done &= !diagnostics.hasErrors();
  if (onStep)
    onStep({name,
            target,
            {},
            milliseconds,
            done,
            0,
            {},
            [this] { return countOperations(last()); },
            [this] { return textOf(last(), true, false); }});
  return done;
}

bool Pipeline::parse() {
  return step("parse", [&] {
    Diagnostics found;
    module = parseInput(input, *context, found);
    // A parser that was stopped calls the rest of the text wrong.
    if (wasStopped())
      return false;
    for (const rblnc::Diagnostic &diagnostic : found.all())
      diagnostics.report(diagnostic);
    if (module)
      written = level();
    return static_cast<bool>(module);
  });
}

bool Pipeline::simplify(const LowerOptions &options) {
  return step("simplify", [&] {
    return mlir::succeeded(bindArguments(*module, options, diagnostics)) &&
           mlir::succeeded(normalise(*module, diagnostics));
  });
}

bool Pipeline::applyRules(const CheckOptions &options) {
  return step("check", [&] {
    check(*module, options, diagnostics);
    return !diagnostics.hasErrors();
  });
}

bool Pipeline::lower(const LowerOptions &options) {
  return step("lower", [&] {
    loadLaterDialects(*context);
    return replace(lowerToRBLN(*module, options, diagnostics));
  });
}

PlanObserver Pipeline::passObserver(std::string_view target) {
  if (!onStep)
    return {};
  return [this, target](const PlanReport &pass) {
    auto start = std::chrono::steady_clock::now();
    StepReport report{pass.name, target, "plan", pass.milliseconds, pass.done, pass.count, pass.counts, {}, {}};
    report.operations = [&pass] { return countAll(pass.ir); };
    report.text = [&pass] {
      // MLIR prints aliases of attributes and locations only for what stands alone.
      mlir::Operation *alone = pass.ir->clone();
      std::string text = textOf(alone, true, false);
      alone->destroy();
      return text;
    };
    onStep(report);
    observed += std::chrono::steady_clock::now() - start;
  };
}

bool Pipeline::plan(const std::vector<Target> &targets, const PlanOptions &options) {
  if (level() == IRLevel::npu)
    return step("plan", [&] { return takeProgram(targets); });
  for (const Target &target : targets) {
    std::string_view name = targets.size() > 1 ? std::string_view(target.name) : std::string_view();
    PlanObserver onPass = passObserver(name);
    auto planOne = [&] {
      loadLaterDialects(*context);
      auto next = planForTarget(*module, target, options, diagnostics, onPass);
      if (mlir::failed(next))
        return false;
      planned.push_back({std::move(*next), &target});
      return true;
    };
    if (!step("plan", planOne, name))
      return false;
  }
  return true;
}

bool Pipeline::runPass(std::string_view name, const Target &target, const PlanOptions &options) {
  return step("plan", [&] {
    loadLaterDialects(*context);
    bool done = mlir::succeeded(runPlanPass(name, *module, target, options, diagnostics, passObserver({})));
    if (done && mlir::failed(mlir::verify(*module))) {
      diagnostics.report(Code::X001,
                         "the pass '" + std::string(name) + "' left IR that does not verify: " + complaints);
      return false;
    }
    return done;
  });
}

/// The one program of the input, when it is one and for the target that was asked for.
bool Pipeline::takeProgram(const std::vector<Target> &targets) {
  npu::ProgramOp program;
  for (mlir::Operation &op : module->getOps()) {
    auto next = llvm::dyn_cast<npu::ProgramOp>(op);
    if (!next || program) {
      diagnostics.report(Code::I020,
                         next ? "the module has a second npu.program, '" + next.getSymName().str() + "'"
                              : "'" + op.getName().getStringRef().str() + "' stands outside of an npu.program",
                         framesOf(op.getLoc()), "compile each program from a module of its own");
      return false;
    }
    program = next;
  }
  if (targets.size() != 1 || program.getTarget() != targets.front().name) {
    std::string asked;
    for (const Target &target : targets)
      asked += (asked.empty() ? "" : ", ") + target.name;
    std::string name = program.getTarget().str();
    diagnostics.report(Code::I021, "the program was planned for '" + name + "' and is compiled for " + asked,
                       framesOf(program.getLoc()), "compile it with --target=" + name);
    return false;
  }
  planned.push_back({nullptr, &targets.front()});
  return true;
}

std::unique_ptr<bundle::BundleT> Pipeline::encode() {
  std::unique_ptr<bundle::BundleT> result;
  bool done = step("encode", [&] {
    std::vector<PlannedKernel> kernels;
    for (Planned &kernel : planned)
      kernels.push_back({kernel.module ? *kernel.module : *module, kernel.target});
    Code fault = written == IRLevel::npu ? Code::I022 : written == IRLevel::rbln ? Code::P002 : Code::X001;
    auto encoded = rblnc::encode(kernels, fault, diagnostics);
    if (mlir::succeeded(encoded))
      result = std::move(*encoded);
    return result != nullptr;
  });
  // Stopped just as it ended, the step is as good as not done.
  return done ? std::move(result) : nullptr;
}

std::optional<std::string> Pipeline::write(const bundle::BundleT &contents) {
  std::vector<uint8_t> file;
  std::optional<bundle::OpenBundle> opened;
  bool isSound = step("verify", [&] {
    Code code = written == IRLevel::npu ? Code::I023 : written == IRLevel::rbln ? Code::P002 : Code::X001;
    auto bytes = bundle::writeBundle(contents);
    if (!bytes) {
      diagnostics.report(explainFault(toDiagnostic(bytes.takeError()), code));
      return false;
    }
    auto verified = openBytes(*bytes);
    if (!verified) {
      if (wasStopped()) {
        llvm::consumeError(verified.takeError());
        return false;
      }
      diagnostics.report(explainFault(toDiagnostic(verified.takeError()), code));
      return false;
    }
    opened.emplace(std::move(*verified));
    file = std::move(*bytes);
    return true;
  });
  if (!isSound)
    return std::nullopt;
  // Whatever was planned here is the planner's to order, whoever wrote what it planned.
  bool isOrdered = step("prove", [&] {
    std::vector<rblnc::Diagnostic> races =
        bundle::findUnordered(**opened, written == IRLevel::npu ? Code::I024 : Code::X002);
    // Of a proof that was stopped nothing follows.
    if (wasStopped())
      return false;
    for (rblnc::Diagnostic &race : races)
      diagnostics.report(std::move(race));
    return true;
  });
  if (!isOrdered)
    return std::nullopt;
  return std::string(file.begin(), file.end());
}

IRLevel Pipeline::level() const {
  ModuleOp top = module.get();
  for (mlir::Operation &op : top.getOps()) {
    if (op.getDialect() && llvm::isa<npu::NPUDialect>(op.getDialect()))
      return IRLevel::npu;
    // A module of RBLN IR has its kernel as a func.func; Triton's is a tt.func.
    if (op.getName().getStringRef() == "func.func")
      return IRLevel::rbln;
  }
  return IRLevel::triton;
}

std::string Pipeline::text(bool locations, bool genericForm) const {
  return module ? textOf(*module, locations, genericForm) : "";
}

std::string Pipeline::lastText() const { return last() ? textOf(last(), true, false) : ""; }

ModuleOp Pipeline::last() const {
  if (!planned.empty() && planned.back().module)
    return *planned.back().module;
  return module ? *module : ModuleOp();
}

bool Pipeline::replace(mlir::FailureOr<OwningOpRef<ModuleOp>> next) {
  if (mlir::failed(next))
    return false;
  module = std::move(*next);
#ifndef NDEBUG
  if (mlir::failed(mlir::verify(*module)))
    return false;
#endif
  return true;
}

} // namespace rblnc::driver
