// The kernels of a batch from a manifest; README.md has its keys.
#pragma once

#include "Job.h"

#include "rblnc/support/Config.h"

#include "llvm/Support/Error.h"

#include <vector>

namespace rblnc::cli::batch {

/// Reads a manifest. Paths in it are relative to its folder. `options` hold where it says nothing. Errors I001 and I052
/// (with the line and the key), and I050 and I051 for targets.
llvm::Expected<std::vector<Job>> readManifest(const std::string &path, const CompileOptions &options);

} // namespace rblnc::cli::batch
