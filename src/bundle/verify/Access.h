// Proofs about accesses: that every element lies inside of its memory, and that two accesses do not meet.
#pragma once

#include "Context.h"

namespace rblnc::bundle::verifier {

/// Checks the clips of a command whose index space has so many dimensions: there are not too many, and the axes and
/// registers that they name exist. They may be null. Errors B022, B035, B036.
llvm::Error verifyClips(Context &context, const flatbuffers::Vector<const Clip *> *clips, size_t rank);

/// Checks one access of a command with this index space: its memory, dtype, strides and terms exist, and every element
/// that can be touched lies inside of the memory for every value that the registers may have. `clips` narrow what can
/// be touched. `what` names the access in messages. Errors B022, B023, B024, B025, B035.
llvm::Error verifyAccess(Context &context, const Access &access, llvm::ArrayRef<int64_t> shape,
                         const flatbuffers::Vector<const Clip *> *clips, bool isWritten, const char *what);

/// Whether two accesses reach the same element in the same order (dimensions of extent 1 aside).
bool areSame(const Access &a, const Access &b, llvm::ArrayRef<int64_t> shape);

/// False only when no byte of one can be a byte of the other. Both must have passed verifyAccess.
bool mayOverlap(const Context &context, const Access &a, llvm::ArrayRef<int64_t> shapeA, const Access &b,
                llvm::ArrayRef<int64_t> shapeB);

/// True only when different elements of the index space are certainly different bytes.
bool areElementsDistinct(const Access &access, llvm::ArrayRef<int64_t> shape);

} // namespace rblnc::bundle::verifier
