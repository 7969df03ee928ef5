// The registers that a command uses.
#pragma once

#include "rblnc/bundle/Accesses.h"

#include "llvm/ADT/ArrayRef.h"

namespace rblnc::bundle {

/// Visits each register that a command reads: in the addresses of `uses` (its accesses), in clips, in overflow checks,
/// and as what a skip tests. One that it uses twice comes twice. The register that a scalar is loaded into is not read,
/// though checks that depend on the scalar may name it.
void forEachRegisterRead(const Command &command, llvm::ArrayRef<AccessUse> uses,
                         llvm::function_ref<void(uint32_t)> visit);

} // namespace rblnc::bundle
