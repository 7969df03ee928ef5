// Proving a bundle before it leaves the compiler.
#pragma once

#include "rblnc/bundle/Reader.h"
#include "rblnc/support/Diagnostic.h"

#include <cstdint>
#include <optional>
#include <span>

namespace rblnc::driver {

/// What the verifier says about a bundle that was made here, as the chain reports it: `code` is RBLN-X001 when the
/// chain planned the program, RBLN-I023 when a user wrote it. A planned program that is only too large is RBLN-P003.
Diagnostic explainFault(Diagnostic fault, Code code);

/// Opens the bytes of a bundle, verified from the first to the last.
llvm::Expected<bundle::OpenBundle> openBytes(std::span<const uint8_t> bytes);

/// Opens the bytes of a bundle as `run` does. The explained fault with its Python line when the verifier refuses them;
/// nothing when it takes them.
std::optional<Diagnostic> findFault(std::span<const uint8_t> bytes, Code code = Code::X001);

} // namespace rblnc::driver
