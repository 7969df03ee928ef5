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

/// Recorded strides in elements, `rblib.strides.<n>`: of arrays whose elements are not in row-major order. One for each
/// extent of the array's recorded shape, or they are left out; they may be 0 or negative.
using RecordedStrides = std::map<unsigned, llvm::SmallVector<int64_t>>;
RecordedStrides recordedStrides(tt::FuncOp kernel, const RecordedShapes &shapes);

llvm::SmallVector<int64_t> rowMajorStrides(llvm::ArrayRef<int64_t> shape);

/// Renumbers the record before these arguments are erased.
void eraseRecordedShapes(tt::FuncOp kernel, const llvm::BitVector &erased);

/// Lets a block pointer that declares another geometry than its array has go by the array: see
/// BlockPointer::isRecorded. `lineElements`: of the chips, to whole lines of which tensors are padded. `strides`: of
/// the tensor that is passed, if it is not in row-major order; a pointer that declares just these means the tensor's
/// elements by their indices.
void goByArray(BlockPointer &pointer, llvm::ArrayRef<int64_t> array, llvm::ArrayRef<int64_t> lineElements,
               llvm::ArrayRef<int64_t> strides = {});

/// Whether strides agree wherever they matter: axes with one element in either shape have none.
bool sameStrides(llvm::ArrayRef<int64_t> declaredShape, llvm::ArrayRef<int64_t> declared, llvm::ArrayRef<int64_t> shape,
                 llvm::ArrayRef<int64_t> strides);

} // namespace rblnc::lower
