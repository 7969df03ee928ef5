// Memory effects that depend on attributes.
#include "rblnc/triton/Dialect.h"

using namespace mlir;

namespace rblnc::tt {

using Effects = SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>;

void LoadOp::getEffects(Effects &effects) {
  effects.emplace_back(MemoryEffects::Read::get(), &getPtrMutable(), SideEffects::DefaultResource::get());
  // A volatile load must happen even if nobody uses its value; a write keeps it.
  if (getIsVolatile())
    effects.emplace_back(MemoryEffects::Write::get(), SideEffects::DefaultResource::get());
}

// Foreign code that is not declared pure may do anything.
static void addUnknownEffects(bool pure, Effects &effects) {
  if (pure)
    return;
  effects.emplace_back(MemoryEffects::Read::get(), SideEffects::DefaultResource::get());
  effects.emplace_back(MemoryEffects::Write::get(), SideEffects::DefaultResource::get());
}

void ExternElementwiseOp::getEffects(Effects &effects) { addUnknownEffects(getPure(), effects); }
void ElementwiseInlineAsmOp::getEffects(Effects &effects) { addUnknownEffects(getPure(), effects); }

} // namespace rblnc::tt
