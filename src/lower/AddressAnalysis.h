// What the integers, masks and pointers of a kernel are as functions of the position inside a block.
//
// One walk over a body, in order; the blocks of a branch are walked where it stands, for what is computed in them is
// only used there. Where an integer tensor is not affine, a mask no box, or a pointer no argument plus offset, there is
// no form, and `culprit` says which operation is to blame. The forms are those of integers without bounds; `checks` has
// what must hold for them to be what the kernel computes, whose integers wrap (README.md).
#pragma once

#include "LinearForm.h"
#include "Mask.h"
#include "Overflow.h"

#include "rblnc/triton/Dialect.h"

#include "mlir/IR/Block.h"
#include "llvm/ADT/DenseMap.h"

#include <map>

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
  /// Shape and strides are those of the array, not the declared ones.
  bool isRecorded = false;
  /// The last extent was declared as the array's, padded to whole lines: columns behind the array's end do not exist.
  bool isPadded = false;
};

/// Where an index that is known only at run time was read: `rblib.to_dynamic_index` of an element of an array.
struct DynamicIndex {
  tt::CallOp call;
  /// What was added to the element; 0 for a direct index.
  int64_t added = 0;
};

class AddressAnalysis {
public:
  using Lists = std::map<unsigned, llvm::SmallVector<int64_t>>;

  /// `recorded`: shapes of arrays that take the place of what block pointers declare, and `strides` of those of them
  /// that are not in row-major order (RecordedShapes.h). `lineElements` outlives the analysis.
  AddressAnalysis(mlir::Block &body, Lists recorded, llvm::ArrayRef<int64_t> lineElements, Lists strides = {});

  /// Null where the value has no form.
  const LinearForm *integer(mlir::Value value) const { return find(integers, value); }
  const MaskForm *mask(mlir::Value value) const { return find(masks, value); }
  const PointerForm *pointer(mlir::Value value) const { return find(pointers, value); }
  const BlockPointer *blockPointer(mlir::Value value) const { return find(blocks, value); }

  /// What must hold for the form of a value, of whatever kind, to be right: by position of the value's own axes.
  llvm::ArrayRef<OverflowCheck> checks(mlir::Value value) const {
    const OverflowChecks *found = find(overflows, value);
    return found ? llvm::ArrayRef<OverflowCheck>(*found) : llvm::ArrayRef<OverflowCheck>();
  }
  ScalarRanges &scalarRanges() const { return ranges; }

  /// How a scalar came from one dynamic index by adding constants, if it did.
  std::optional<DynamicIndex> dynamicIndex(mlir::Value value) const;
  const Lists &recordedShapes() const { return recorded; }

  /// The first operation that made the analysis give up on a value without a form, or null.
  mlir::Operation *culprit(mlir::Value value) const { return culprits.lookup(value); }

private:
  template <typename Map> static const typename Map::mapped_type *find(const Map &map, mlir::Value value) {
    auto it = map.find(value);
    return it == map.end() ? nullptr : &it->second;
  }

  void visit(mlir::Block &block);
  void visit(mlir::Operation *op);
  void visitPointer(mlir::Operation *op, mlir::Value result, bool isBlock, bool isKnown, OverflowChecks needed);
  void setInteger(mlir::Value value, std::optional<LinearForm> form);
  void setMask(mlir::Value value, std::optional<MaskForm> form);
  void setPointer(mlir::Value value, std::optional<PointerForm> form);
  void blame(mlir::Value value);

  bool collectChecks(mlir::Operation *op, OverflowChecks &checks) const;
  bool addOwnChecks(mlir::Operation *op, std::optional<LinearForm> &form, OverflowChecks &checks) const;
  bool addOffsetCheck(tt::AddPtrOp op, const LinearForm &sum, OverflowChecks &checks) const;
  bool addAdvanceChecks(tt::AdvanceOp op, const BlockPointer &moved, OverflowChecks &checks) const;
  void keepChecks(mlir::Value value, OverflowChecks checks);

  std::optional<LinearForm> integerOf(mlir::Operation *op) const;
  std::optional<MaskForm> maskOf(mlir::Operation *op) const;
  std::optional<PointerForm> pointerOf(mlir::Operation *op) const;
  std::optional<BlockPointer> blockPointerOf(mlir::Operation *op) const;
  std::optional<LinearForm> sumOfIntegers(mlir::Value a, mlir::Value b, int64_t sign) const;

  Lists recorded;
  Lists strides;
  llvm::ArrayRef<int64_t> lineElements;
  llvm::DenseMap<mlir::Value, LinearForm> integers;
  llvm::DenseMap<mlir::Value, MaskForm> masks;
  llvm::DenseMap<mlir::Value, PointerForm> pointers;
  llvm::DenseMap<mlir::Value, BlockPointer> blocks;
  llvm::DenseMap<mlir::Value, mlir::Operation *> culprits;
  /// Values that nothing has to hold for have no entry.
  llvm::DenseMap<mlir::Value, OverflowChecks> overflows;
  mutable ScalarRanges ranges;
};

} // namespace rblnc::lower
