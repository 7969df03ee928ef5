// The arrays that a kernel's arguments are, inferred from its accesses or declared by the user.
#pragma once

#include "MemoryOrder.h"

#include "rblnc/lower/Lower.h"
#include "rblnc/rbln/Dialect.h"

#include "mlir/IR/Block.h"

namespace rblnc::lower {

struct ArgumentInfo {
  std::string name;
  rbln::ArrayType type;
  bool isScalar = false;
  /// The accesses tell how many elements the array has, but not its shape.
  bool extentOnly = false;
  /// The shape is the user's: run-time addresses have bounds even where the kernel declares none.
  bool isDeclared = false;
};

/// The Python names of the entry block's arguments: those of their locations; argN where there is none or the name is
/// taken.
std::vector<std::string> argumentNames(mlir::Block &entry);

/// The shape of an array that is only known through its accesses.
struct InferredShape {
  llvm::SmallVector<int64_t> shape;
  bool extentOnly = false;
};

/// Infers the shape of one argument from the accesses to it, whose addresses are all known and not negative:
/// 1. block pointers that agree on a shape and have exactly its row-major strides: that shape;
/// 2. else, strides that nest: each inner extent is the quotient of two strides, the outermost one reaches as far as
///    the accesses do, and axes along which no access extends have extent 1, unless that is ambiguous;
/// 3. else one axis as long as the largest address, with `extentOnly`.
/// An argument without accesses has one element. Nothing when the element count overflows.
std::optional<InferredShape> inferShape(llvm::ArrayRef<const Access *> accesses);

/// Checks the accesses against the declared or recorded shapes (an array that is addressed as it lies in memory has
/// only a number of elements), turns block pointers of declared arrays into row-major addresses (their declared strides
/// are ignored, which is what the device does), and finds every argument's type. Reports what does not fit; the types
/// of failed arguments are null then.
mlir::LogicalResult resolveSignature(mlir::Block &entry, llvm::MutableArrayRef<Access> accesses,
                                     const LowerOptions &options, const RecordedArrays &recorded,
                                     Diagnostics &diagnostics, std::vector<ArgumentInfo> &arguments);

} // namespace rblnc::lower
