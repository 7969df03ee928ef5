// Names for what a bundle holds, as messages use them.
#pragma once

#include "rblnc/bundle/bundle_generated.h"
#include "rblnc/support/Diagnostic.h"

#include <string>
#include <string_view>
#include <vector>

namespace rblnc::bundle {

/// "neural_engine 0".
std::string nameOf(Unit unit, uint32_t index);
/// The kind's name in the schema, in lower case: "dma", "load_scalar".
std::string_view kindOf(CommandBody kind);
/// "scratchpad 3", "shared SRAM", "DRAM region 2".
std::string nameOf(Memory memory, uint32_t unit);
/// "byte 96 of scratchpad 0 (buffer 'acc')", "byte 0 of argument 'x'".
std::string nameOfByte(const Bundle &bundle, const Program &program, Memory memory, uint32_t unit, int64_t byte);
/// Bundles are not trusted: a text of one as valid UTF-8, with '?' for each control character. Empty for null.
std::string cleanText(std::string_view text);
std::string cleanText(const flatbuffers::String *text);
/// The Python frames of an index into Bundle.lines; none when the line is unknown.
std::vector<SourceFrame> framesOf(const Bundle &bundle, uint32_t line);

} // namespace rblnc::bundle
