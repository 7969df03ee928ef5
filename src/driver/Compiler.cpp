// The chain of rooms.
#include "rblnc/driver/Compiler.h"

#include "Chain.h"
#include "HostLayout.h"
#include "Provenance.h"
#include "rblnc/frontend/Frontend.h"
#include "rblnc/plan/Plan.h"

namespace rblnc {

using driver::Chain;
using driver::Form;

namespace {

/// What is asked of an input that is further along the chain than that; false after an error.
bool isPossible(Form form, const CompileOptions &options, Diagnostics &diagnostics) {
  if (form == Form::triton)
    return true;
  std::string is = form == Form::rbln ? "RBLN IR" : "device commands";
  if (options.emit == Emit::tt)
    diagnostics.report(Code::I002, "the input is " + is + " already, and Triton's IR cannot be made from it");
  else if (options.emit == Emit::rblnIR && form == Form::npu)
    diagnostics.report(Code::I002, "the input is " + is + " already, and RBLN IR cannot be made from it");
  else if (!options.binds.empty() || !options.shapes.empty())
    diagnostics.report(Code::I010, "--bind and --shape are for Triton's IR, and the input is " + is);
  return !diagnostics.hasErrors();
}

std::optional<std::string> runChain(Chain &chain, const Input &input, const CompileOptions &options,
                                    Diagnostics &diagnostics) {
  LowerOptions lowerOptions{options.binds, options.shapes, options.naivePartitionSkip};
  driver::HostLayout hostLayout;
  if (options.hostLayout) {
    auto parsed = driver::parseHostLayout(*options.hostLayout, diagnostics);
    if (!parsed)
      return std::nullopt;
    hostLayout = std::move(*parsed);
  }
  if (!chain.parse() || !isPossible(chain.form(), options, diagnostics))
    return std::nullopt;
  std::string ttir;
  if (chain.form() == Form::triton) {
    if (!chain.simplify(lowerOptions))
      return std::nullopt;
    if (options.emit == Emit::tt)
      return chain.text(true);
    CheckOptions checkOptions;
    checkOptions.strict = options.strict;
    if (!chain.applyRules(checkOptions))
      return std::nullopt;
    if (options.emit == Emit::bundle)
      ttir = chain.text(false);
    if (!chain.lower(lowerOptions))
      return std::nullopt;
  }
  if (options.emit == Emit::rblnIR)
    return chain.text(true);
  std::string rblnIR = options.emit == Emit::bundle && chain.form() == Form::rbln ? chain.text(false) : "";
  std::vector<Target> targets = options.targets;
  if (options.computeDType)
    for (Target &target : targets)
      target.computeDType = *options.computeDType;
  if (!chain.plan(targets, options.plan))
    return std::nullopt;
  if (options.emit == Emit::npu)
    return chain.lastText();

  std::unique_ptr<bundle::BundleT> contents = chain.encode();
  if (!contents || !driver::applyHostLayout(hostLayout, *contents, diagnostics))
    return std::nullopt;
  contents->ttir = std::move(ttir);
  contents->rbln_ir = std::move(rblnIR);
  contents->provenance = std::make_unique<bundle::ProvenanceT>();
  contents->provenance->producer = options.producer;
  contents->provenance->options = driver::optionTexts(options);
  contents->provenance->input_digest = driver::inputDigest(input);
  contents->provenance->triton_era = detectEra(input);
  return chain.write(*contents);
}

} // namespace

std::span<const std::string_view> stepsWithIR() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all{"parse", "simplify", "check", "lower"};
    all.insert(all.end(), planPasses().begin(), planPasses().end());
    all.push_back("plan");
    return all;
  }();
  return names;
}

std::optional<std::string> compile(const Input &input, const CompileOptions &options, Diagnostics &diagnostics,
                                   std::string *lastIR) {
  diagnostics.setWarningsAreErrors(options.strict);
  Chain chain(input, diagnostics, options.onStep);
  auto result = runChain(chain, input, options, diagnostics);
  if (!result && lastIR)
    for (const Diagnostic &diagnostic : diagnostics.all())
      if (infoOf(diagnostic.code).category() == 'X')
        *lastIR = chain.lastText();
  return result;
}

void checkKernel(const Input &input, const CompileOptions &options, Diagnostics &diagnostics) {
  diagnostics.setWarningsAreErrors(options.strict);
  LowerOptions lowerOptions{options.binds, options.shapes, options.naivePartitionSkip};
  Chain chain(input, diagnostics, options.onStep);
  if (!chain.parse() || !isPossible(chain.form(), options, diagnostics))
    return;
  if (chain.form() == Form::triton) {
    CheckOptions checkOptions;
    checkOptions.strict = options.strict;
    if (!chain.simplify(lowerOptions) || !chain.applyRules(checkOptions) || !chain.lower(lowerOptions))
      return;
  }
  if (!options.targets.empty())
    chain.plan(options.targets, options.plan);
}

std::optional<std::string> reprint(const Input &input, bool normalised, bool genericForm, bool locations,
                                   Diagnostics &diagnostics, const StepObserver &onStep) {
  Chain chain(input, diagnostics, onStep);
  if (!chain.parse() || (normalised && !chain.simplify({})))
    return std::nullopt;
  return chain.text(locations, genericForm);
}

} // namespace rblnc
