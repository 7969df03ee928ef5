// The digest of a bundle file.
#pragma once

#include "rblnc/bundle/Format.h"

#include <array>
#include <cstdint>
#include <span>

namespace rblnc::bundle {

/// Over a whole file, at least headerBytes long, except for the digest's own place.
std::array<uint8_t, digestBytes> digestOf(std::span<const uint8_t> file);

} // namespace rblnc::bundle
