// Calls of RBLN's specialised operations (rblib) in Triton's IR: the calling convention of kernels/rblnc/CONVENTION.md.
#pragma once

#include "rblnc/support/Diagnostic.h"
#include "rblnc/triton/Dialect.h"

#include <optional>
#include <string>
#include <string_view>

namespace rblnc {

/// A row of the table of operations; the letters of `operands` and `results` are explained in
/// src/check/SpecialisedOps.def.
struct SpecialisedOp {
  std::string_view name, operands, results, constants, usage;
};

/// The operation that a symbol `rblib.<op>` or `rblib.<op>.<n>` names: "insert" for "rblib.insert.2". Empty for other
/// symbols.
llvm::StringRef specialisedName(llvm::StringRef symbol);
llvm::StringRef specialisedName(tt::CallOp call);

/// Null when there is no such operation.
const SpecialisedOp *findSpecialised(llvm::StringRef name);
/// The operation with the most similar name, for "did you mean"; null when none is near.
const SpecialisedOp *nearestSpecialised(llvm::StringRef name);

/// A constant of a call, from the declaration of its callee: "axis" for `rblib.axis`. Nothing when it is missing or no
/// i32.
std::optional<int64_t> specialisedConstant(tt::CallOp call, llvm::StringRef name);

/// What is wrong with the form of a call of a known operation: its version, constants, and the number and kinds of
/// its operands and results; nothing when it is right. Shapes are the matter of the operations themselves.
struct FormError {
  std::string message, fix;
};
std::optional<FormError> checkSpecialisedForm(tt::CallOp call, const SpecialisedOp &op);

} // namespace rblnc
