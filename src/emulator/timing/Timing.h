// The timing model (README.md) of decoded commands.
#pragma once

#include "Cost.h"

#include "rblnc/emulator/Result.h"
#include "rblnc/target/Simulation.h"

namespace rblnc::emulator {

/// By the figures that a bundle carries.
CostModel costModelOf(const bundle::Target &figures);

/// Operations a second of a product on one engine.
double productRate(const MatmulCommand &product, const CostModel &model);

TimedCommand timed(const DecodedCommand &command, const Cost &cost, const CostModel &model);

} // namespace rblnc::emulator
