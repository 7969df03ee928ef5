// What the compiler knows about an operation by its name: how Python spells it, and what to write where it cannot be
// lowered. Later rooms use the same words when they reject one.
#pragma once

#include <string>
#include <string_view>

namespace mlir {
class MLIRContext;
class Operation;
class Type;
} // namespace mlir

namespace rblnc {

struct OperationInfo {
  /// "tt.scan".
  std::string_view name;
  /// What the user wrote: "tl.cumsum". An operator or a few words where no function stands for it.
  std::string_view python;
  /// The edit to make: "write tl.max(...)", "remove the call: ...". Empty when the operation is supported.
  std::string_view fix;

  bool isSupported() const { return fix.empty(); }
};

/// The row of an operation of the tt, arith, math, scf, cf, ub, llvm or gpu dialect; null when there is none, which
/// means that the operation is not supported and nothing is known about it.
const OperationInfo *findOperation(std::string_view name);

struct LibraryFunction {
  /// "tanh", without the prefix of a library and the suffix of a type.
  std::string_view name;
  /// "f(ff)": the type of the result and those of the operands; f is float32, i int32, l int64, s int16. Empty when
  /// refused.
  std::string_view types;
  /// The operation of RBLN IR that computes it ("math.tanh"), or a word that the lowering knows.
  std::string_view meaning;
  /// Why it is not lowered; empty when it is.
  std::string_view refusal;

  bool isSupported() const { return refusal.empty(); }
};

/// The row of a function of a device library, by its symbol: "__nv_tanhf". Null when there is none.
const LibraryFunction *findLibraryFunction(std::string_view symbol);

/// The MLIR type that a letter of LibraryFunction::types stands for.
mlir::Type libraryTypeOf(char letter, mlir::MLIRContext *context);

/// The types of an operation of one result as LibraryFunction writes them; a question mark where there is no letter.
std::string libraryTypesOf(mlir::Operation *op);

} // namespace rblnc
