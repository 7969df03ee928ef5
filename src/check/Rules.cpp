// The table of rules.
#include "Rule.h"

#include <array>

namespace rblnc::rules {

#define RBLNC_RULE(function, code, operations) void function(mlir::Operation *op, Context &context);
#include "Rules.def"
#undef RBLNC_RULE

namespace {

constexpr auto rules = std::to_array<Rule>({
#define RBLNC_RULE(function, code, operations) Rule{#function, Code::code, function, operations},
#include "Rules.def"
#undef RBLNC_RULE
});

} // namespace

std::span<const Rule> allRules() { return rules; }

} // namespace rblnc::rules
