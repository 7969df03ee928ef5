// The registers that a command uses.
#pragma once

#include "rblnc/bundle/Accesses.h"

namespace rblnc::bundle::prover {

/// Calls f(register) for each register that a command reads: in addresses, in clips, and as what a skip tests. One that
/// it uses twice comes twice.
template <typename F> void forEachRegisterRead(const Command &command, llvm::ArrayRef<AccessUse> uses, F f) {
  for (const AccessUse &use : uses)
    if (use.access->terms())
      for (const Term *term : *use.access->terms())
        f(term->register_());
  if (const Dma *dma = command.body_as_Dma(); dma && dma->clips())
    for (const Clip *clip : *dma->clips())
      if (clip->register_() >= 0)
        f(static_cast<uint32_t>(clip->register_()));
  if (const Skip *skip = command.body_as_Skip())
    f(skip->register_());
}

} // namespace rblnc::bundle::prover
