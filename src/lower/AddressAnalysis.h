// What the integers, masks and pointers of a kernel are as functions of the position inside a block.
//
// One walk over a straight-line body, in order and without recursion. Where an integer tensor is not affine, a mask no
// box, or a pointer no argument plus offset, there is no form, and `culprit` says which operation is to blame.
// Assumption, as in Triton: signed arithmetic on run-time scalars does not overflow. Constants are checked.
#pragma once

#include "LinearForm.h"
#include "Mask.h"

#include "rblnc/triton/Dialect.h"

#include "mlir/IR/Block.h"
#include "llvm/ADT/DenseMap.h"

namespace rblnc::lower {

/// A pointer or a tensor of pointers: the elements `offset` of a kernel argument, counted in elements.
struct PointerForm {
  unsigned argument;
  LinearForm offset;
};

/// A block pointer. All lists have one scalar form per axis.
struct BlockPointer {
  unsigned argument;
  LinearForm base;
  llvm::SmallVector<LinearForm, 4> shape;
  llvm::SmallVector<LinearForm, 4> strides;
  llvm::SmallVector<LinearForm, 4> offsets;
};

class AddressAnalysis {
public:
  explicit AddressAnalysis(mlir::Block &body);

  /// Null where the value has no form.
  const LinearForm *integer(mlir::Value value) const { return find(integers, value); }
  const MaskForm *mask(mlir::Value value) const { return find(masks, value); }
  const PointerForm *pointer(mlir::Value value) const { return find(pointers, value); }
  const BlockPointer *blockPointer(mlir::Value value) const { return find(blocks, value); }

  /// The first operation that made the analysis give up on a value without a form, or null.
  mlir::Operation *culprit(mlir::Value value) const { return culprits.lookup(value); }

private:
  template <typename Map> static const typename Map::mapped_type *find(const Map &map, mlir::Value value) {
    auto it = map.find(value);
    return it == map.end() ? nullptr : &it->second;
  }

  void visit(mlir::Operation *op);
  void setInteger(mlir::Value value, std::optional<LinearForm> form);
  void setMask(mlir::Value value, std::optional<MaskForm> form);
  void setPointer(mlir::Value value, std::optional<PointerForm> form);
  void blame(mlir::Value value);

  std::optional<LinearForm> integerOf(mlir::Operation *op) const;
  std::optional<MaskForm> maskOf(mlir::Operation *op) const;
  std::optional<PointerForm> pointerOf(mlir::Operation *op) const;
  std::optional<BlockPointer> blockPointerOf(mlir::Operation *op) const;
  std::optional<LinearForm> sumOfIntegers(mlir::Value a, mlir::Value b, int64_t sign) const;

  llvm::DenseMap<mlir::Value, LinearForm> integers;
  llvm::DenseMap<mlir::Value, MaskForm> masks;
  llvm::DenseMap<mlir::Value, PointerForm> pointers;
  llvm::DenseMap<mlir::Value, BlockPointer> blocks;
  llvm::DenseMap<mlir::Value, mlir::Operation *> culprits;
};

} // namespace rblnc::lower
