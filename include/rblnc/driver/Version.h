// The version that the build was configured with.
#pragma once

#include <string>
#include <string_view>

namespace rblnc {

/// "rblnc 0.1.0 (bundle format 1, MLIR 22.1.8)\n": what `rblnc --version` prints.
std::string versionText();

/// "0.1.0".
std::string versionNumber();

/// A digest of the compiler's sources and of what it is built with, in hexadecimal: builds with the same one compile
/// the same input to the same bytes, whatever host they are on.
std::string_view buildDigest();

/// "rblnc 0.1.0": what a bundle names as its producer.
std::string producerName();

} // namespace rblnc
