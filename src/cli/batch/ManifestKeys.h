// What a manifest says of a kernel, and of all kernels in its defaults.
#pragma once

#include "Job.h"
#include "Keys.h"

#include "rblnc/support/Config.h"

#include "llvm/Support/Error.h"

namespace rblnc::cli::batch {

/// Error I052 for the first key of a kernel's table, or of the defaults, that is none.
llvm::Error checkKeys(const std::string &path, const ConfigNode &table, bool isDefaults);

/// Sets the job to what a table says, with `values` in the place of braces; what the table does not say stays. Files
/// are relative to the manifest at `path`. Errors I052 at the value, and I050 and I051 for targets.
llvm::Error applyKeys(const std::string &path, const ConfigNode &table, const KeyValues &values, Job &job);

} // namespace rblnc::cli::batch
