// Which operations of a kernel have an effect on memory.
#pragma once

#include "Access.h"

#include "mlir/IR/Block.h"
#include "llvm/ADT/DenseSet.h"

namespace rblnc::lower {

/// The operations that are computed, and the accesses of those that touch memory.
struct LiveOperations {
  llvm::DenseSet<mlir::Operation *> operations;
  /// In the order of the program.
  std::vector<Access> accesses;
  /// Why accesses have no strided form, in the order of the program.
  std::vector<Diagnostic> errors;
};

/// An operation is live when it has an effect other than reading memory, or a live operation computes with its result.
/// Addresses and masks that became part of an access are not computed: only their run-time terms are.
LiveOperations findLive(mlir::Block &body, const AddressAnalysis &analysis,
                        llvm::function_ref<std::string(mlir::Value)> nameOf);

} // namespace rblnc::lower
