// The whole chain from an input to a bundle, in one place: what `compile` does, and what every other way to compile
// uses. Nothing here prints, exits or keeps state: calls are independent of each other, in one thread or in many.
#pragma once

#include "rblnc/plan/Options.h"
#include "rblnc/support/Diagnostic.h"
#include "rblnc/target/Target.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rblnc {

struct Input;

/// Where the chain stops.
enum class Emit : uint8_t {
  /// Triton's IR, inlined and simplified.
  tt,
  /// RBLN IR. It can be edited and compiled on from.
  rblnIR,
  /// Planned device commands.
  npu,
  bundle,
};

/// A step of the chain that is over.
struct StepReport {
  std::string_view name;
  /// The chip, when the step was taken for one of several.
  std::string_view target;
  /// The step that it is a pass of, and whose time has its own; empty for a step of the chain.
  std::string_view partOf;
  double milliseconds = 0;
  /// Without errors.
  bool done = true;
  /// How much a pass did, and what that counts ("loads"); without a word for steps and passes that count nothing.
  int64_t count = 0;
  std::string_view counts = {};
  /// How many operations there are after the step, and the text of the IR with its locations. Only for the time of the
  /// call; neither costs anything when it is not asked for.
  std::function<uint64_t()> operations;
  std::function<std::string()> text;
};
using StepObserver = std::function<void(const StepReport &)>;

/// The steps that leave IR behind, in their order: "parse", "simplify", "check", "lower", the passes of planning,
/// "plan". After them a bundle goes through "encode", "verify" and "prove".
std::span<const std::string_view> stepsWithIR();

struct CompileOptions {
  /// One at least. A bundle has a program for each; the other forms are made for one.
  std::vector<Target> targets;
  /// Scalar arguments that become constants: name to the number's text.
  std::map<std::string, std::string> binds;
  /// The real shapes of arrays.
  std::map<std::string, std::vector<int64_t>> shapes;
  /// Warnings are errors.
  bool strict = false;
  /// rblib.partition_skip without the look at the element before: the rule that loses the token at a border.
  bool naivePartitionSkip = false;
  /// Positions of arguments that stay row-major in the device's memory, as "1:2:3", counted as the vendor does: without
  /// the result. Recorded in a bundle's signature; nothing else depends on it.
  std::optional<std::string> hostLayout = {};
  /// The type that `--numerics=device` rounds to, in place of the chips' own. Recorded in a bundle's targets.
  std::optional<ComputeDType> computeDType = {};
  PlanOptions plan = {};
  Emit emit = Emit::bundle;
  /// Named in the bundle.
  std::string producer;
  /// Changes nothing in the result.
  StepObserver onStep = {};
};

/// Compiles a kernel in Triton's IR, in RBLN IR or as device commands. The result is the bytes of the bundle, or the
/// text of the IR; nothing when there were errors. It depends on the input's bytes and the options alone. A bundle has
/// been opened and verified as `run` does it; one that fails is never given out (RBLN-X001 with what the verifier says,
/// or RBLN-I023 when the input is device commands), nor is one with commands that are not proven to be free of races
/// (RBLN-X002 or RBLN-I024). After an error of category X, `lastIR` (if given) gets the text of the last IR that there
/// was.
std::optional<std::string> compile(const Input &input, const CompileOptions &options, Diagnostics &diagnostics,
                                   std::string *lastIR = nullptr);

/// Reports every rule that the kernel breaks, and what cannot be lowered when it breaks none. Where targets are named,
/// the kernel is planned for them too, so that what does not fit a chip is found. Of the options only the targets,
/// binds, shapes, strictness, plan and observer count.
void checkKernel(const Input &input, const CompileOptions &options, Diagnostics &diagnostics);

/// The steps that can be taken alone: "simplify", "check", "lower" and the passes of planning.
std::span<const std::string_view> singlePasses();

struct ReprintOptions {
  /// Of singlePasses(), in the order in which they are taken.
  std::vector<std::string> passes = {};
  /// What passes of planning plan for. The rules and the lowering go by the default chip where there is none.
  Target target = {};
  PlanOptions plan = {};
  bool genericForm = false; ///< MLIR's generic form of every operation
  bool locations = false;
  StepObserver onStep = {};
};

/// Parses and verifies a module of any of our dialects, runs single passes on it, and gives its text. A pass may meet
/// what no earlier one has made ready: what it then leaves is its own business, but never a crash.
std::optional<std::string> reprint(const Input &input, const ReprintOptions &options, Diagnostics &diagnostics);

} // namespace rblnc
