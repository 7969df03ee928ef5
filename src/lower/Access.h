// One load or store as a strided block of an argument, whatever pointer form it came from.
#pragma once

#include "AddressAnalysis.h"

#include "rblnc/support/Diagnostic.h"

#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "llvm/ADT/StringRef.h"

namespace rblnc::lower {

/// One axis of the block. An index along it is offset + position, position in [0, extent).
struct AccessAxis {
  int64_t extent = 1;
  /// Elements between neighbours. 0 where a pointer tensor does not tell, which is so on axes of extent 1.
  int64_t stride = 0;
  /// Index of the block's first element, a scalar form.
  LinearForm offset;
  /// Positions that take part, as far as they are known: [low, high).
  int64_t low = 0;
  int64_t high = 1;
  /// Where the offset has terms: indices that take part, [first, end), as far as they are checked.
  std::optional<int64_t> first;
  std::optional<int64_t> end;
  /// The least index where the lower end is not checked: what lies below is outside of the array.
  int64_t floor = 0;
  /// Further run-time limits on the position: all lows <= position < all highs.
  llvm::SmallVector<LinearForm, 1> lows;
  llvm::SmallVector<LinearForm, 1> highs;
  /// How many rows take part, where a dynamic index says so. An index without anything added must not exceed the
  /// extent.
  std::optional<LinearForm> rows;
  /// The extent of the array along this axis, for block pointers.
  std::optional<int64_t> declared;

  bool isDynamic() const { return !offset.terms.empty(); }
  /// The indices that the access may touch: exact for constant offsets, and for run-time ones what the checks or the
  /// declared extent allow. Nothing where that is unknown, or on overflow.
  std::optional<Interval> touched() const;
};

/// The positions along one axis that a mask without overflow leaves: [low, high), and all lows <= position < all highs.
struct Reach {
  int64_t low = 0;
  int64_t high = 1;
  llvm::SmallVector<LinearForm, 1> lows;
  llvm::SmallVector<LinearForm, 1> highs;

  bool isRunTime() const { return !lows.empty() || !highs.empty(); }
};

struct Access {
  mlir::Operation *op = nullptr;
  unsigned argument = 0;
  /// Type of the elements as the kernel sees them (i8 where it reads the bytes of booleans).
  mlir::Type element;
  bool isBlockPointer = false;
  /// A block pointer that goes by the recorded shape of its array, not by the declared one.
  bool isRecorded = false;
  /// Address of index 0, in elements, with run-time terms that belong to no axis.
  LinearForm base;
  std::vector<AccessAxis> axes;
  llvm::SmallVector<Guard, 1> guards;
  /// Nothing takes part.
  bool never = false;
  /// Value of the elements that do not take part in a load; null for zero.
  mlir::TypedAttr padding;
  /// What must hold for all this to be right, by position in the block where they have strides.
  OverflowChecks checks;
  /// Where it must: by axis, and if these guards hold too. What a mask leaves out for sure may overflow.
  std::vector<Reach> reach;
  llvm::SmallVector<Guard, 1> reachGuards;
  /// A load whose `other` is no constant: the masked elements are chosen by a select after it.
  bool selectOther = false;

  llvm::SmallVector<int64_t, 6> blockShape() const;
  /// The values that the access reads at run time to find its addresses.
  void collectDynamicValues(llvm::SmallVectorImpl<mlir::Value> &values) const;
  /// First and last address that the access may touch; nothing where that is unknown or overflows.
  std::optional<Interval> addresses() const;
};

/// The access of an operation on memory (MemoryOp.h), or the error that says why there is none.
/// `nameOf` gives the Python name of a kernel argument.
struct AccessResult {
  std::optional<Access> access;
  std::optional<Diagnostic> error;
};
AccessResult accessOf(mlir::Operation *op, const AddressAnalysis &analysis,
                      llvm::function_ref<std::string(mlir::Value)> nameOf);

} // namespace rblnc::lower
