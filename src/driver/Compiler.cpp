// The chain of rooms.
#include "rblnc/driver/Compiler.h"

#include "Dialects.h"
#include "Proof.h"
#include "rblnc/bundle/Writer.h"
#include "rblnc/check/Check.h"
#include "rblnc/codegen/Encode.h"
#include "rblnc/frontend/Frontend.h"
#include "rblnc/lower/Lower.h"
#include "rblnc/plan/Plan.h"
#include "rblnc/support/Error.h"
#include "rblnc/target/Target.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/IR/Verifier.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

namespace rblnc {
namespace {

using mlir::ModuleOp;
using mlir::OwningOpRef;

std::string textOf(ModuleOp module, bool locations, bool genericForm = false) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  mlir::OpPrintingFlags flags;
  flags.enableDebugInfo(locations);
  if (genericForm)
    flags.printGenericOpForm();
  module->print(stream, flags);
  return text + "\n";
}

std::string digestOf(llvm::StringRef bytes) {
  llvm::BLAKE3 hasher;
  hasher.update(bytes);
  return llvm::toHex(hasher.final(), /*LowerCase=*/true);
}

/// A module of RBLN IR has its kernel as a func.func; Triton's is a tt.func.
bool isRBLNIR(ModuleOp module) {
  for (mlir::Operation &op : module.getOps())
    if (op.getName().getStringRef() == "func.func")
      return true;
  return false;
}

/// What the bundle says about how it was made. Paths are left out: the same kernel gives the same bytes in any folder.
std::vector<std::string> optionTexts(const CompileOptions &options) {
  std::vector<std::string> texts{"--target=" + options.target};
  for (const auto &[name, value] : options.binds)
    texts.push_back("--bind " + name + "=" + value);
  for (const auto &[name, shape] : options.shapes) {
    std::string text = "--shape " + name + "=";
    for (size_t i = 0; i < shape.size(); ++i)
      text += (i ? "x" : "") + std::to_string(shape[i]);
    texts.push_back(text);
  }
  if (options.strict)
    texts.push_back("--strict");
  if (options.naivePartitionSkip)
    texts.push_back("--naive-partition-skip");
  if (options.plan.split != Split::automatic)
    texts.push_back(options.plan.split == Split::none ? "--split=none" : "--split=most");
  return texts;
}

/// One compilation. Each step takes the module from where the one before left it.
class Chain {
public:
  Chain(const Input &input, Diagnostics &diagnostics, const StepTimer &onStep)
      : input(input), diagnostics(diagnostics), onStep(onStep), context(driver::makeFullContext()),
        handler(context.get(), [this](mlir::Diagnostic &diagnostic) {
          // Every room reports to `diagnostics`; what MLIR itself says is kept in case a room fails without a word.
          complaints += diagnostic.str() + "\n";
          return mlir::success();
        }) {}

  bool read() {
    return step("read", [&] {
      module = parseInput(input, *context, diagnostics);
      return static_cast<bool>(module);
    });
  }

  bool isLowered() const { return isRBLNIR(*module); }

  bool simplify(const LowerOptions &options) {
    return step("simplify", [&] {
      return mlir::succeeded(bindArguments(*module, options, diagnostics)) &&
             mlir::succeeded(normalise(*module, diagnostics));
    });
  }

  bool applyRules(const CheckOptions &options) {
    return step("check", [&] {
      check(*module, options, diagnostics);
      return !diagnostics.hasErrors();
    });
  }

  bool lower(const LowerOptions &options) {
    return step("lower", [&] {
      driver::loadLaterDialects(*context);
      return replace(lowerToRBLN(*module, options, diagnostics));
    });
  }

  bool plan(const Target &target, const PlanOptions &options) {
    return step("plan", [&] {
      driver::loadLaterDialects(*context);
      return replace(planForTarget(*module, target, options, diagnostics));
    });
  }

  std::unique_ptr<bundle::BundleT> encode(const Target &target) {
    std::unique_ptr<bundle::BundleT> result;
    step("encode", [&] {
      auto encoded = rblnc::encode(*module, target, diagnostics);
      if (mlir::succeeded(encoded))
        result = std::move(*encoded);
      return result != nullptr;
    });
    return result;
  }

  /// The contents as a file that has been proven: whatever the chain does wrong, no bundle leaves it that `run` would
  /// refuse.
  std::optional<std::string> write(const bundle::BundleT &contents) {
    std::optional<std::string> result;
    step("verify", [&] {
      auto bytes = bundle::writeBundle(contents);
      if (!bytes) {
        diagnostics.report(toDiagnostic(bytes.takeError()));
        return false;
      }
      if (std::optional<rblnc::Diagnostic> fault = driver::findFault(*bytes)) {
        diagnostics.report(std::move(*fault));
        return false;
      }
      result.emplace(bytes->begin(), bytes->end());
      return true;
    });
    return result;
  }

  ModuleOp get() const { return *module; }
  std::string lastIR() const { return module ? textOf(*module, true) : ""; }

private:
  bool replace(mlir::FailureOr<OwningOpRef<ModuleOp>> next) {
    if (mlir::failed(next))
      return false;
    module = std::move(*next);
#ifndef NDEBUG
    if (mlir::failed(mlir::verify(*module)))
      return false;
#endif
    return true;
  }

  template <typename Step> bool step(const char *name, Step run) {
    complaints.clear();
    auto start = std::chrono::steady_clock::now();
    bool done = run();
    if (onStep)
      onStep(name, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    if (!done && !diagnostics.hasErrors())
      diagnostics.report(Code::X001, std::string("the step '") + name + "' failed without saying why" +
                                         (complaints.empty() ? "" : ": " + complaints));
    return done && !diagnostics.hasErrors();
  }

  const Input &input;
  Diagnostics &diagnostics;
  const StepTimer &onStep;
  std::unique_ptr<mlir::MLIRContext> context;
  std::string complaints;
  mlir::ScopedDiagnosticHandler handler;
  OwningOpRef<ModuleOp> module;
};

std::optional<std::string> runChain(Chain &chain, const Input &input, const CompileOptions &options,
                                    const Target &target, Diagnostics &diagnostics) {
  LowerOptions lowerOptions{options.binds, options.shapes, options.naivePartitionSkip};
  if (!chain.read())
    return std::nullopt;
  std::string ttir;
  if (!chain.isLowered()) {
    if (!chain.simplify(lowerOptions))
      return std::nullopt;
    if (options.emit == Emit::tt)
      return textOf(chain.get(), true);
    CheckOptions checkOptions;
    checkOptions.strict = options.strict;
    if (!chain.applyRules(checkOptions))
      return std::nullopt;
    if (options.emit == Emit::bundle)
      ttir = textOf(chain.get(), false);
    if (!chain.lower(lowerOptions))
      return std::nullopt;
  } else if (options.emit == Emit::tt) {
    diagnostics.report(Code::I002, "the input is RBLN IR already, and Triton's IR cannot be made from it");
    return std::nullopt;
  } else if (!options.binds.empty() || !options.shapes.empty()) {
    diagnostics.report(Code::I010, "--bind and --shape are for Triton's IR, and the input is RBLN IR");
    return std::nullopt;
  }
  if (options.emit == Emit::rblnIR)
    return textOf(chain.get(), true);
  std::string rblnIR = options.emit == Emit::bundle ? textOf(chain.get(), false) : "";
  if (!chain.plan(target, options.plan))
    return std::nullopt;
  if (options.emit == Emit::npu)
    return textOf(chain.get(), true);

  std::unique_ptr<bundle::BundleT> contents = chain.encode(target);
  if (!contents)
    return std::nullopt;
  contents->ttir = std::move(ttir);
  contents->rbln_ir = std::move(rblnIR);
  contents->provenance = std::make_unique<bundle::ProvenanceT>();
  contents->provenance->producer = options.producer;
  contents->provenance->options = optionTexts(options);
  contents->provenance->input_digest = digestOf(input.text());
  contents->provenance->triton_era = detectEra(input);
  return chain.write(*contents);
}

} // namespace

std::optional<std::string> compile(const Input &input, const CompileOptions &options, Diagnostics &diagnostics,
                                   std::string *lastIR) {
  auto target = findTarget(options.target);
  if (!target) {
    diagnostics.report(toDiagnostic(target.takeError()));
    return std::nullopt;
  }
  diagnostics.setWarningsAreErrors(options.strict);
  Chain chain(input, diagnostics, options.onStep);
  auto result = runChain(chain, input, options, **target, diagnostics);
  if (!result && lastIR)
    for (const Diagnostic &diagnostic : diagnostics.all())
      if (infoOf(diagnostic.code).category() == 'X')
        *lastIR = chain.lastIR();
  return result;
}

void checkKernel(const Input &input, Diagnostics &diagnostics, const StepTimer &onStep) {
  Chain chain(input, diagnostics, onStep);
  if (!chain.read() || chain.isLowered() || !chain.simplify({}))
    return;
  CheckOptions options;
  options.strict = diagnostics.areWarningsErrors();
  if (chain.applyRules(options))
    chain.lower({});
}

std::optional<std::string> reprint(const Input &input, bool normalised, bool genericForm, bool locations,
                                   Diagnostics &diagnostics, const StepTimer &onStep) {
  Chain chain(input, diagnostics, onStep);
  if (!chain.read() || (normalised && !chain.simplify({})))
    return std::nullopt;
  return textOf(chain.get(), locations, genericForm);
}

} // namespace rblnc
