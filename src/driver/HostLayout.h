// Which arguments the caller wants used row-major, where the host has them.
#pragma once

#include "rblnc/bundle/bundle_generated.h"
#include "rblnc/support/Diagnostic.h"

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <vector>

namespace rblnc::driver {

/// Positions of arguments, as the vendor counts them: those of the operator around the kernel, in the kernel's order
/// and without the result, which the operator allocates. The result is the last argument that the kernel only writes;
/// one before it is a cache that is not read. When a position needs it, the last one counts as well.
using HostLayout = std::vector<size_t>;

/// Reads "1:2:3". Reports RBLN-I014 for what is no number or stands there twice.
std::optional<HostLayout> parseHostLayout(llvm::StringRef text, Diagnostics &diagnostics);

/// Records the layout in the signature. Reports RBLN-I014 for a position that the kernel does not have, and gives
/// false.
bool applyHostLayout(const HostLayout &layout, bundle::BundleT &bundle, Diagnostics &diagnostics);

} // namespace rblnc::driver
