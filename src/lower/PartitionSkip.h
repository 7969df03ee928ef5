// Where an index came from decides what rblib.partition_skip means.
#pragma once

#include "AddressAnalysis.h"

namespace rblnc::lower {

/// The partition that the operand of an rblib.partition_skip counts rows of: the last offset of the block pointer that
/// the index was read through. Nothing when the index has been computed with, or the offset is not known.
std::optional<int64_t> partitionOf(tt::CallOp skip, const AddressAnalysis &analysis);

} // namespace rblnc::lower
