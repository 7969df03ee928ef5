// Diagnostics from their JSON form, for what was found by another process or at another time.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <vector>

namespace rblnc {

/// The list that formatJson printed; nothing when the text is anything else, such as one with a code that is not known.
std::optional<std::vector<Diagnostic>> parseDiagnostics(llvm::StringRef json);

} // namespace rblnc
