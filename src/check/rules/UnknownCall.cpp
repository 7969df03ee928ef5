// RBLN-C003: calls that inlining left over.
#include "rblnc/triton/Dialect.h"

#include "llvm/ADT/STLExtras.h"

#include "../Describe.h"
#include "../Rule.h"

#include <array>

namespace rblnc::rules {
namespace {

struct SpecialisedOp {
  llvm::StringLiteral name;
  bool isLowered;
};

constexpr auto specialisedOps = std::to_array<SpecialisedOp>({
#define RBLNC_SPECIALISED(name, lowered) SpecialisedOp{name, lowered},
#include "../SpecialisedOps.def"
#undef RBLNC_SPECIALISED
});

/// The operation that a call of "rblib.softmax" or "rblib.softmax.v1.f32" means; null when there is none.
const SpecialisedOp *findSpecialised(llvm::StringRef callee) {
  llvm::StringRef name = callee.split('.').first;
  const auto *op = llvm::find_if(specialisedOps, [&](const SpecialisedOp &row) { return row.name == name; });
  return op == specialisedOps.end() ? nullptr : op;
}

/// The name that is nearest to a misspelt one; empty when none is near.
llvm::StringRef nearest(llvm::StringRef name) {
  llvm::StringRef best;
  unsigned bestDistance = 4;
  for (const SpecialisedOp &row : specialisedOps)
    if (unsigned distance = name.edit_distance(row.name, true, bestDistance); distance < bestDistance) {
      best = row.name;
      bestDistance = distance;
    }
  return best;
}

} // namespace

void unknownCall(mlir::Operation *op, Context &context) {
  auto call = mlir::cast<tt::CallOp>(op);
  llvm::StringRef callee = call.getCallee();
  Finding finding;
  finding.subject = callee.str();
  if (auto function = mlir::SymbolTable::lookupNearestSymbolFrom<tt::FuncOp>(op, call.getCalleeAttr());
      function && !function.isExternal()) {
    finding.message = "the call of '" + callee.str() + "' cannot be inlined";
    finding.fix = "remove recursion, and return once, at the end of the helper";
  } else if (!callee.consume_front("rblib.")) {
    finding.message = "the called function '" + callee.str() + "' has no body";
    finding.fix = "define it in the module; only RBLN's own operations (rblib) may be calls without a body";
  } else if (const SpecialisedOp *known = findSpecialised(callee); !known) {
    llvm::StringRef name = callee.split('.').first;
    finding.message = "rblib." + name.str() + " is not one of RBLN's specialised operations";
    llvm::StringRef near = nearest(name.take_front(64));
    finding.fix = near.empty() ? "use one of the operations of rblib" : "did you mean rblib." + near.str() + "?";
  } else if (!known->isLowered) {
    finding.message = "rblib." + known->name.str() + " is not supported by this version of rblnc";
    finding.fix = "write it with operations of triton.language";
  } else {
    return;
  }
  context.report(op, std::move(finding));
}

} // namespace rblnc::rules
