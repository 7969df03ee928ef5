#include "IndexChecks.h"

#include "rblnc/rbln/Dialect.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {

IndexChecks::IndexChecks(std::vector<DynamicScalar> all) : scalars(std::move(all)) {
  for (size_t number = 0; number < scalars.size(); ++number)
    for (Value value : {scalars[number].scalar, scalars[number].source})
      if (Operation *op = value.getDefiningOp())
        numbersOf[op].push_back(number);
}

void IndexChecks::notifyOperationReplaced(Operation *op, ValueRange replacement) {
  auto found = numbersOf.find(op);
  if (found == numbersOf.end())
    return;
  SmallVector<size_t, 2> numbers = std::move(found->second);
  numbersOf.erase(found);
  for (size_t number : numbers)
    for (Value *value : {&scalars[number].scalar, &scalars[number].source})
      if (auto result = dyn_cast_if_present<OpResult>(*value); result && result.getOwner() == op) {
        *value = replacement[result.getResultNumber()];
        if (Operation *definition = value->getDefiningOp())
          numbersOf[definition].push_back(number);
      }
}

void IndexChecks::notifyOperationErased(Operation *op) {
  // Whatever computed with the index is gone before the index is.
  if (auto found = numbersOf.find(op); found != numbersOf.end()) {
    for (size_t number : found->second)
      scalars[number].scalar = nullptr;
    numbersOf.erase(found);
  }
}

void IndexChecks::add(OpBuilder &builder) {
  for (DynamicScalar &known : scalars) {
    if (!known.scalar)
      continue;
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
