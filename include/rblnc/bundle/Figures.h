// The figures of a chip in a bundle.
#pragma once

#include "rblnc/bundle/bundle_generated.h"
#include "rblnc/target/Target.h"

namespace rblnc::bundle {

/// A target's figures as a bundle holds them.
TargetT freeze(const rblnc::Target &target);

/// The reverse, of a verified bundle: without the product's name and the sources of the figures.
rblnc::Target thaw(const Target &frozen);

} // namespace rblnc::bundle
