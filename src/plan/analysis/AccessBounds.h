// Which elements of an array a block of it can touch.
#pragma once

#include "rblnc/rbln/Dialect.h"

#include <optional>

namespace rblnc::plan {

/// A strided block of an array as rbln.load and rbln.store have it; counted in elements.
struct ArrayBlock {
  llvm::ArrayRef<int64_t> shape;
  int64_t offset;
  llvm::ArrayRef<int64_t> strides;
  mlir::ValueRange terms;
  llvm::ArrayRef<int64_t> scales;
  mlir::ArrayAttr clips; // may be null
  mlir::ValueRange clipTerms;
};

ArrayBlock blockOf(rbln::LoadOp load);
ArrayBlock blockOf(rbln::StoreOp store);

/// The first element outside of 0..count-1 that the block touches for some value of its indices, if there is one.
/// Elements beyond the range of int64 come as its limits.
std::optional<int64_t> outsideOf(const ArrayBlock &block, int64_t count);

} // namespace rblnc::plan
