// Which arguments the caller wants used row-major, where the host has them.
#pragma once

#include "rblnc/bundle/bundle_generated.h"
#include "rblnc/support/Diagnostic.h"

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <vector>

namespace rblnc::driver {

/// Positions of arguments, as the vendor counts them: in the order of the kernel, without the results, which are the
/// arguments that it only writes.
using HostLayout = std::vector<size_t>;

/// Reads "1:2:3". Reports RBLN-I014 for what is no number or stands there twice.
std::optional<HostLayout> parseHostLayout(llvm::StringRef text, Diagnostics &diagnostics);

/// Records the layout in the signature. Reports RBLN-I014 for a position that the kernel does not have, and gives
/// false.
bool applyHostLayout(const HostLayout &layout, bundle::BundleT &bundle, Diagnostics &diagnostics);

} // namespace rblnc::driver
