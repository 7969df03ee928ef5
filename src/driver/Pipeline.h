// One compilation, step by step: each step takes the IR from where the one before left it.
#pragma once

#include "rblnc/bundle/bundle_generated.h"
#include "rblnc/check/Check.h"
#include "rblnc/driver/Compiler.h"
#include "rblnc/frontend/Frontend.h"
#include "rblnc/lower/Lower.h"
#include "rblnc/plan/Plan.h"

#include "mlir/IR/Diagnostics.h"

#include <chrono>

namespace rblnc::driver {

/// Whose IR a module holds.
enum class IRLevel : uint8_t { triton, rbln, npu };

class Pipeline {
public:
  Pipeline(const Input &input, Diagnostics &diagnostics, const StepObserver &onStep);

  /// Each step tells the observer, and gives false after errors. A step that fails without a word is RBLN-X001.
  bool parse();
  bool simplify(const LowerOptions &options);
  bool applyRules(const CheckOptions &options);
  bool lower(const LowerOptions &options);
  /// Plans the module for each of the targets, or takes it as planned when it is device commands already.
  bool plan(const std::vector<Target> &targets, const PlanOptions &options);
  /// One of planPasses() alone, on the module as it is.
  bool runPass(std::string_view name, const Target &target, const PlanOptions &options);
  std::unique_ptr<bundle::BundleT> encode();
  /// The contents as a file that has been proven: whatever the chain does wrong, no bundle leaves it that `run` would
  /// refuse or whose commands race.
  std::optional<std::string> write(const bundle::BundleT &contents);

  IRLevel level() const;
  /// The text of the module before planning.
  std::string text(bool locations, bool genericForm = false) const;
  /// The text of what was planned last, or else of the module.
  std::string lastText() const;

private:
  bool replace(mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> next);
  bool takeProgram(const std::vector<Target> &targets);
  mlir::ModuleOp last() const;
  PlanObserver passObserver(std::string_view target);
  template <typename Run> bool step(const char *name, Run run, std::string_view target = {});

  const Input &input;
  Diagnostics &diagnostics;
  const StepObserver &onStep;
  /// What the observer took within the step that is under way.
  std::chrono::steady_clock::duration observed = {};
  std::unique_ptr<mlir::MLIRContext> context;
  std::string complaints;
  mlir::ScopedDiagnosticHandler handler;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  struct Planned {
    mlir::OwningOpRef<mlir::ModuleOp> module; ///< null: the input's own
    const Target *target;
  };
  std::vector<Planned> planned;
  /// What the user wrote. It may break rules that what was made here may not.
  IRLevel written = IRLevel::triton;
};

} // namespace rblnc::driver
