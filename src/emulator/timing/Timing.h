// The timing model (README.md) of decoded commands.
#pragma once

#include "program/Program.h"

#include "rblnc/target/Simulation.h"

namespace rblnc::emulator {

/// By the figures that a bundle carries.

/// A command that touches this when it is executed.
TimedCommand timed(const DecodedCommand &command, const Touched &touched, const CostModel &model);

} // namespace rblnc::emulator
