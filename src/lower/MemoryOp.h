// What all operations that read or write memory have in common: tt.load, tt.store and the rblib operations on block
// pointers.
#pragma once

#include "rblnc/triton/Dialect.h"

#include <optional>
#include <string>

namespace rblnc::lower {

struct MemoryOp {
  mlir::Operation *op = nullptr;
  bool isStore = false;
  mlir::Value pointer;
  /// Of tt.load and tt.store; null where they have none.
  mlir::Value mask, other;
  /// What is stored.
  mlir::Value value;
  /// The number of rows along `axis` that are moved, for rblib operations; null for all.
  mlir::Value rows;
  int64_t axis = 0;
  llvm::ArrayRef<int32_t> boundaryCheck;
  std::optional<tt::PaddingOption> padding;
  /// Of the block that is moved.
  mlir::Type type;

  /// "load", "store".
  std::string verb() const { return isStore ? "store" : "load"; }
  /// "tl.load", "rblib.dynamic_load".
  std::string name() const;
};

/// Nothing for operations that do not touch memory. Calls of rblib operations have the right form.
std::optional<MemoryOp> memoryOpOf(mlir::Operation *op);

} // namespace rblnc::lower
