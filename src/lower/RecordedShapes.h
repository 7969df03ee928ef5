// The shapes of the tensors that a kernel was traced for, which its function records as `rblib.shape.<n>`, n being the
// position of the argument (kernels/rblnc/CONVENTION.md, Arrays).
#pragma once

#include "AddressAnalysis.h"

#include "rblnc/triton/Dialect.h"

#include "llvm/ADT/BitVector.h"

#include <map>

namespace rblnc::lower {

/// Recorded shapes by argument number. Attributes that are no shape of a tensor argument are left out: all of them are
/// optional.
using RecordedShapes = std::map<unsigned, llvm::SmallVector<int64_t>>;
RecordedShapes recordedShapes(tt::FuncOp kernel);

/// Renumbers the record before these arguments are erased.
void eraseRecordedShapes(tt::FuncOp kernel, const llvm::BitVector &erased);

/// Lets a block pointer that declares another geometry than its array has go by the array: see
/// BlockPointer::isRecorded.
void goByArray(BlockPointer &pointer, llvm::ArrayRef<int64_t> array);

} // namespace rblnc::lower
