#include "IndexChecks.h"

#include "rblnc/rbln/Dialect.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {

void IndexChecks::notifyOperationReplaced(Operation *op, ValueRange replacement) {
  for (DynamicScalar &known : scalars)
    for (Value *value : {&known.scalar, &known.source})
      if (auto result = dyn_cast<OpResult>(*value); result && result.getOwner() == op)
        *value = replacement[result.getResultNumber()];
}

void IndexChecks::notifyOperationErased(Operation *op) {
  // Whatever computed with the index is gone before the index is.
  llvm::erase_if(scalars, [&](const DynamicScalar &known) {
    return known.scalar.getDefiningOp() == op || known.source.getDefiningOp() == op;
  });
}

void IndexChecks::add(OpBuilder &builder) {
  for (DynamicScalar &known : scalars) {
    bool isComputedWith = any_of(known.scalar.getUsers(), [](Operation *user) { return !isa<rbln::ToIndexOp>(user); });
    bool isChecked = any_of(known.source.getUsers(), [&](Operation *user) {
      auto check = dyn_cast<rbln::ToIndexOp>(user);
      return check && check->getBlock() == known.source.getParentBlock() && check.getResult().getType().getMin() >= 0 &&
             check.getResult().getType().getMax() <= known.max;
    });
    if (!isComputedWith || isChecked)
      continue;
    builder.setInsertionPointAfterValue(known.source);
    rbln::ToIndexOp::create(builder, known.loc, rbln::IndexType::get(builder.getContext(), 0, known.max), known.source);
  }
}

} // namespace rblnc::lower
