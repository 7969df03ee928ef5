// The chain of rooms.
#include "rblnc/driver/Compiler.h"

#include "HostLayout.h"
#include "Pipeline.h"
#include "Provenance.h"
#include "rblnc/frontend/Frontend.h"
#include "rblnc/plan/Plan.h"

namespace rblnc {

using driver::IRLevel;
using driver::Pipeline;

namespace {

std::string nameOf(IRLevel level) {
  return level == IRLevel::triton ? "Triton's IR" : level == IRLevel::rbln ? "RBLN IR" : "device commands";
}

/// What is asked of an input that is further along the chain than that; false after an error.
bool isPossible(IRLevel level, const CompileOptions &options, Diagnostics &diagnostics) {
  if (level == IRLevel::triton)
    return true;
  std::string is = nameOf(level);
  if (options.emit == Emit::tt)
    diagnostics.report(Code::I002, "the input is " + is + " already, and Triton's IR cannot be made from it");
  else if (options.emit == Emit::rblnIR && level == IRLevel::npu)
    diagnostics.report(Code::I002, "the input is " + is + " already, and RBLN IR cannot be made from it");
  else if (!options.binds.empty() || !options.shapes.empty())
    diagnostics.report(Code::I010, "--bind and --shape are for Triton's IR, and the input is " + is);
  return !diagnostics.hasErrors();
}

LowerOptions lowerOptionsOf(const CompileOptions &options) {
  return {options.binds, options.shapes, options.naivePartitionSkip, lineElementsOf(options.targets)};
}

std::optional<std::string> runPipeline(Pipeline &pipeline, const Input &input, const CompileOptions &options,
                                       Diagnostics &diagnostics) {
  LowerOptions lowerOptions = lowerOptionsOf(options);
  driver::HostLayout hostLayout;
  if (options.hostLayout) {
    auto parsed = driver::parseHostLayout(*options.hostLayout, diagnostics);
    if (!parsed)
      return std::nullopt;
    hostLayout = std::move(*parsed);
  }
  if (!pipeline.parse() || !isPossible(pipeline.level(), options, diagnostics))
    return std::nullopt;
  std::string ttir;
  if (pipeline.level() == IRLevel::triton) {
    if (!pipeline.simplify(lowerOptions))
      return std::nullopt;
    if (options.emit == Emit::tt)
      return pipeline.text(true);
    CheckOptions checkOptions;
    checkOptions.strict = options.strict;
    checkOptions.lineElements = lowerOptions.lineElements;
    if (!pipeline.applyRules(checkOptions))
      return std::nullopt;
    if (options.emit == Emit::bundle)
      ttir = pipeline.text(false);
    if (!pipeline.lower(lowerOptions))
      return std::nullopt;
  }
  if (options.emit == Emit::rblnIR)
    return pipeline.text(true);
  std::string rblnIR = options.emit == Emit::bundle && pipeline.level() == IRLevel::rbln ? pipeline.text(false) : "";
  std::vector<Target> targets = options.targets;
  if (options.computeDType)
    for (Target &target : targets)
      target.computeDType = *options.computeDType;
  if (!pipeline.plan(targets, options.plan))
    return std::nullopt;
  if (options.emit == Emit::npu)
    return pipeline.lastText();

  std::unique_ptr<bundle::BundleT> contents = pipeline.encode();
  if (!contents || !driver::applyHostLayout(hostLayout, *contents, diagnostics))
    return std::nullopt;
  contents->ttir = std::move(ttir);
  contents->rbln_ir = std::move(rblnIR);
  contents->provenance = std::make_unique<bundle::ProvenanceT>();
  contents->provenance->producer = options.producer;
  contents->provenance->options = driver::optionTexts(options);
  contents->provenance->input_digest = driver::inputDigest(input);
  contents->provenance->triton_era = detectEra(input);
  return pipeline.write(*contents);
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
  Pipeline pipeline(input, diagnostics, options.onStep);
  auto result = runPipeline(pipeline, input, options, diagnostics);
  if (!result && lastIR)
    for (const Diagnostic &diagnostic : diagnostics.all())
      if (infoOf(diagnostic.code).category() == 'X')
        *lastIR = pipeline.lastText();
  return result;
}

/// Warnings stay warnings here, whatever the options say: an error ends the steps.
static void findAll(const Input &input, const CompileOptions &options, Diagnostics &diagnostics) {
  LowerOptions lowerOptions = lowerOptionsOf(options);
  Pipeline pipeline(input, diagnostics, options.onStep);
  if (!pipeline.parse() || !isPossible(pipeline.level(), options, diagnostics))
    return;
  if (pipeline.level() == IRLevel::triton)
    if (!pipeline.simplify(lowerOptions) || !pipeline.applyRules({false, lowerOptions.lineElements}) ||
        !pipeline.lower(lowerOptions))
      return;
  if (!options.targets.empty())
    pipeline.plan(options.targets, options.plan);
}

void checkKernel(const Input &input, const CompileOptions &options, Diagnostics &diagnostics) {
  Diagnostics found;
  findAll(input, options, found);
  diagnostics.setWarningsAreErrors(options.strict);
  for (const Diagnostic &diagnostic : found.all())
    diagnostics.report(diagnostic);
}

std::span<const std::string_view> singlePasses() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all{"simplify", "check", "lower"};
    all.insert(all.end(), planPasses().begin(), planPasses().end());
    return all;
  }();
  return names;
}

std::optional<std::string> reprint(const Input &input, const ReprintOptions &options, Diagnostics &diagnostics) {
  Pipeline pipeline(input, diagnostics, options.onStep);
  if (!pipeline.parse())
    return std::nullopt;
  std::vector<int64_t> lines =
      options.target.name.empty() ? lineElementsOf({}) : lineElementsOf(std::span(&options.target, 1));
  for (const std::string &pass : options.passes) {
    bool isTriton = pass == "simplify" || pass == "check" || pass == "lower";
    if (isTriton && pipeline.level() != IRLevel::triton) {
      diagnostics.report(Code::I054,
                         "the step '" + pass + "' takes Triton's IR, and the module is " + nameOf(pipeline.level()), {},
                         "leave it out, or give a module in Triton's IR");
      return std::nullopt;
    }
    bool done = pass == "simplify" ? pipeline.simplify({})
                : pass == "check"  ? pipeline.applyRules({false, lines})
                : pass == "lower"  ? pipeline.lower({{}, {}, false, lines})
                                   : pipeline.runPass(pass, options.target, options.plan);
    if (!done)
      return std::nullopt;
  }
  return pipeline.text(options.locations, options.genericForm);
}

} // namespace rblnc
