// What commands, places and memories are called in reports. All texts are valid UTF-8 without control characters.
#pragma once

#include "rblnc/bundle/Describe.h"
#include "rblnc/report/Report.h"

namespace rblnc::report {

using bundle::cleanText;

const bundle::Command &commandOf(const ProfiledRun &run, const emulator::Slice &slice);

/// The user's frame of an entry of the bundle's line table: "kernel.py:12", or "" when it has none.
std::string placeOf(const bundle::Bundle &bundle, uint32_t line);

/// "Scratchpad 3", "Shared SRAM".
std::string nameOf(const emulator::Occupancy &occupancy);

/// The place of each slice in the order in which they begin.
std::vector<size_t> sequenceOf(const std::vector<emulator::Slice> &slices);

/// Whole nanoseconds.
uint64_t nanoseconds(double seconds);

} // namespace rblnc::report
