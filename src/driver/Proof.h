// Proving a bundle before it leaves the compiler.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include <cstdint>
#include <optional>
#include <span>

namespace rblnc::driver {

/// Opens the bytes of a bundle as `run` does. RBLN-X001 with what the verifier says and its Python line when it refuses
/// them; nothing when it takes them.
std::optional<Diagnostic> findFault(std::span<const uint8_t> bytes);

} // namespace rblnc::driver
