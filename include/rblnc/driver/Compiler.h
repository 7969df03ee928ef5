// The whole chain from an input to a bundle, in one place: what `compile` does, and what every other way to compile
// uses. Nothing here prints, exits or keeps state: calls are independent of each other, in one thread or in many.
#pragma once

#include "rblnc/plan/Options.h"
#include "rblnc/support/Diagnostic.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
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

/// Is told of each step of the chain when it is over, and how long it took.
using StepTimer = std::function<void(std::string_view step, double milliseconds)>;

struct CompileOptions {
  std::string target;
  /// Scalar arguments that become constants: name to the number's text.
  std::map<std::string, std::string> binds;
  /// The real shapes of arrays.
  std::map<std::string, std::vector<int64_t>> shapes;
  /// Warnings are errors.
  bool strict = false;
  /// rblib.partition_skip without the look at the element before: the rule that loses the token at a border.
  bool naivePartitionSkip = false;
  PlanOptions plan = {};
  Emit emit = Emit::bundle;
  /// Named in the bundle.
  std::string producer;
  /// Changes nothing in the result.
  StepTimer onStep = {};
};

/// Compiles a kernel in Triton's IR or in RBLN IR. The result is the bytes of the bundle, or the text of the IR;
/// nothing when there were errors. It depends on the input's bytes and the options alone. A bundle has been opened and
/// verified as `run` does it; one that fails is never given out (RBLN-X001 with what the verifier says). When it fails
/// with RBLN-X001, `lastIR` (if given) gets the text of the last IR that there was.
std::optional<std::string> compile(const Input &input, const CompileOptions &options, Diagnostics &diagnostics,
                                   std::string *lastIR = nullptr);

/// Reports every rule that the kernel breaks, and what cannot be lowered when it breaks none. Set the strictness of
/// `diagnostics` before.
void checkKernel(const Input &input, Diagnostics &diagnostics, const StepTimer &onStep = {});

/// Parses and verifies a module of any of our dialects, optionally simplifies it, and gives its text back.
std::optional<std::string> reprint(const Input &input, bool normalised, bool genericForm, bool locations,
                                   Diagnostics &diagnostics, const StepTimer &onStep = {});

} // namespace rblnc
