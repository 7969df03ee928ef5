// Writes a bundle into memory.
#pragma once

#include "rblnc/bundle/bundle_generated.h"

#include "llvm/Support/Error.h"

#include <cstdint>
#include <vector>

namespace rblnc::bundle {

/// The bytes of the .rbln file: a function of `bundle` alone, byte for byte. Nothing is verified here beyond what
/// encoding needs: error B010 when a required field is empty, B011 when the payload would exceed 2 GiB.
llvm::Expected<std::vector<uint8_t>> writeBundle(const BundleT &bundle);

} // namespace rblnc::bundle
