// The version texts.
#include "rblnc/driver/Version.h"

#include "rblnc/bundle/Format.h"
#include "rblnc/driver/SourceDigest.h"

namespace rblnc {

std::string versionText() {
  return "rblnc " RBLNC_VERSION " (bundle format " + std::to_string(bundle::formatVersion) +
         ", MLIR " RBLNC_MLIR_VERSION ")\n";
}

std::string versionNumber() { return RBLNC_VERSION; }

std::string_view buildDigest() { return RBLNC_SOURCE_DIGEST; }

std::string producerName() { return "rblnc " RBLNC_VERSION; }

} // namespace rblnc
