// What -v tells of the work, on standard error.
#pragma once

#include "rblnc/driver/Compiler.h"

#include <string>

namespace rblnc::cli {

/// Off until then.
void enableLog();

/// A line, where the log is on.
void log(const std::string &line);
/// How long a step of a compilation took.
void logStep(const StepReport &step);

} // namespace rblnc::cli
