// The blocks of arrays that rbln.load and rbln.store touch, and parts of them.
#pragma once

#include "Partition.h"

#include "analysis/Footprint.h"
#include "analysis/View.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>

namespace rblnc::plan {

/// A strided block of an array; offsets and strides count elements.
struct MemoryBlock {
  mlir::BlockArgument array;
  mlir::Value tensor; ///< what is loaded or stored
  Extents shape;
  int64_t offset;
  Extents strides;
  mlir::ValueRange terms; ///< dynamic indices, added to the offset times `scales`
  llvm::ArrayRef<int64_t> scales;
  mlir::ArrayAttr clips; ///< may be null
  mlir::ValueRange clipTerms;

  /// The part with these tiles of its dimensions.
  MemoryBlock part(llvm::function_ref<Tile(mlir::Value, int64_t)> tileOf) const;
  bool hasSamePlaceAs(const MemoryBlock &other) const;
  /// Proven to hold every element once.
  bool isInjective() const;
};

/// Of an rbln.load or rbln.store; nothing for any other operation.
std::optional<MemoryBlock> memoryBlockOf(mlir::Operation *op);

/// The same clips, of an axis that starts at starts[axis] of what they were counted from. Null of null.
mlir::ArrayAttr shifted(mlir::ArrayAttr clips, llvm::ArrayRef<int64_t> starts);

/// Every element that the block may touch, whatever its indices are.
Footprint footprintOf(const MemoryBlock &block);

} // namespace rblnc::plan
