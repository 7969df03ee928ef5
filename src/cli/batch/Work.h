// One kernel of a batch, from its file to its outcome.
#pragma once

#include "Job.h"

#include "rblnc/driver/Cache.h"

namespace rblnc::cli::batch {

/// Compiles the kernel, through the cache if there is one, writes its bundle and runs it if it is to. Everything that
/// goes wrong is in the outcome.
Outcome process(const Job &job, const Cache *cache);

} // namespace rblnc::cli::batch
