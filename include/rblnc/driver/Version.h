// The version that the build was configured with.
#pragma once

#include <string>

namespace rblnc {

/// "rblnc 0.1.0 (bundle format 1, MLIR 22.1.8)\n": what `rblnc --version` prints.
std::string versionText();

/// "0.1.0".
std::string versionNumber();

/// "rblnc 0.1.0": what a bundle names as its producer.
std::string producerName();

} // namespace rblnc
