// Where values come from: one forward pass, a few bits a value.
#pragma once

#include "mlir/IR/Operation.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <cstdint>

namespace rblnc::rules {

enum class Fact : uint8_t {
  /// Depends on memory or on a scalar argument.
  Input = 1,
  /// Elements that were loaded as a block, possibly computed with element by element.
  LoadedBlock = 2,
  /// Elements made of tl.arange by sums, multiples and changes of shape.
  Range = 4,
  /// A product of two such blocks: no strided block has such offsets.
  RangeProduct = 8,
  /// A product of such a block and a number that is known only when the kernel runs: a stride that is not constant.
  RunTimeStride = 64,
  /// Depends on a reduction.
  Reduced = 16,
  /// Depends on a matrix product.
  Product = 32,
};

class Facts {
public:
  /// Learns the results of an operation, whose operands must have been seen, and the arguments of its regions.
  void see(mlir::Operation *op);

  bool has(mlir::Value value, Fact fact) const { return (bitsOf(value) & static_cast<uint8_t>(fact)) != 0; }

  /// True when the pointer arithmetic behind `pointer` was made from a block pointer by Triton's own passes: they give
  /// it the place of the load or store.
  bool isRewrittenBlockPointer(mlir::Value pointer) const;

private:
  uint8_t bitsOf(mlir::Value value) const;
  uint8_t resultBits(mlir::Operation *op) const;

  llvm::DenseMap<mlir::Value, uint8_t> bits;
  /// Places of the loads and stores seen so far.
  llvm::DenseSet<mlir::Location> accessPlaces;
};

} // namespace rblnc::rules
