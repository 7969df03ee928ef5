#include "rblnc/bundle/RegisterReads.h"

namespace rblnc::bundle {

void forEachRegisterRead(const Command &command, llvm::ArrayRef<AccessUse> uses,
                         llvm::function_ref<void(uint32_t)> visit) {
  for (const AccessUse &use : uses)
    if (use.access->terms())
      for (const Term *term : *use.access->terms())
        visit(term->register_());
  if (const Dma *dma = command.body_as_Dma(); dma && dma->clips())
    for (const Clip *clip : *dma->clips())
      if (clip->register_() >= 0)
        visit(static_cast<uint32_t>(clip->register_()));
  if (const LoadScalar *load = command.body_as_LoadScalar(); load && load->checks())
    for (const OverflowCheck *check : *load->checks()) {
      if (check->registers())
        for (uint32_t reg : *check->registers())
          visit(reg);
      if (check->unless())
        for (uint32_t reg : *check->unless())
          if (reg != load->register_())
            visit(reg);
    }
  if (const Skip *skip = command.body_as_Skip())
    visit(skip->register_());
}

} // namespace rblnc::bundle
