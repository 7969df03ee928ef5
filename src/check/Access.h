// A load or a store, as the rules about memory see it.
#pragma once

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/ArrayRef.h"

#include "Facts.h"

#include <optional>
#include <string>

namespace rblnc::rules {

enum class PointerForm : uint8_t {
  /// tl.make_block_ptr.
  Block,
  /// Pointer arithmetic that Triton's passes made from a block pointer.
  RewrittenBlock,
  /// A block of pointers that the user computed.
  Pointers,
  /// A pointer to one element.
  Number,
};

struct Access {
  mlir::Operation *op;
  bool isStore;
  mlir::Value pointer;
  /// Type of the loaded or stored value: a tensor or a scalar.
  mlir::Type type;
  /// The stored value; null for a load.
  mlir::Value stored;
  mlir::Value mask;
  llvm::ArrayRef<int32_t> boundaryCheck;
  PointerForm form;

  /// Shape of the value; empty for a number.
  llvm::ArrayRef<int64_t> shape() const;
  mlir::Type elementType() const;
  /// True when every extent is 1, or for a number.
  bool isOneElement() const;
  bool isBlock() const { return form == PointerForm::Block || form == PointerForm::RewrittenBlock; }
  /// "tl.load reads" or "tl.store writes".
  std::string verb() const { return isStore ? "tl.store writes" : "tl.load reads"; }
  /// What separates it from other accesses at its line: the operation and the array.
  std::string subject() const;
  /// The array, quoted: "'x'"; "the array" when the argument is not known.
  std::string arrayText() const;
};

/// `op` is a tt.load or a tt.store.
Access accessOf(mlir::Operation *op, const Facts &facts);

/// The kernel argument that a pointer is computed from; null when there is none or it is not certain.
mlir::BlockArgument baseOf(mlir::Value pointer);

} // namespace rblnc::rules
