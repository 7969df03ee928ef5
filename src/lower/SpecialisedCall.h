// One call of an rblib operation while it is lowered: its operands as RBLN IR has them, and the check of what was made
// of it.
#pragma once

#include "Patterns.h"

#include "rblnc/check/Specialised.h"

#include <optional>

namespace rblnc::lower {

class SpecialisedCall {
public:
  SpecialisedCall(Lowering &lowering, mlir::Operation *op);

  mlir::OpBuilder &builder;
  mlir::Location loc;
  tt::CallOp call;

  /// The tensor of an operand; null when lowering it has failed before.
  mlir::Value tensor(unsigned operand) { return lowering.get(call.getOperand(operand)); }
  /// The same for one that may be left out; null when it is.
  mlir::Value optionalTensor(unsigned operand) {
    return operand < call.getNumOperands() ? tensor(operand) : mlir::Value();
  }
  /// Whether every operand has been lowered.
  bool hasOperands();
  /// A dynamic index, which must lie in 0..limit. One that has been computed from the result of
  /// rblib.to_dynamic_index must only where `isLimited` says so.
  mlir::Value index(unsigned operand, int64_t limit, bool isLimited);
  /// Whether an index was computed from the result of rblib.to_dynamic_index, and is not that itself.
  bool isDerived(unsigned operand);
  int64_t constant(llvm::StringRef name) { return specialisedConstant(call, name).value_or(0); }
  mlir::RankedTensorType type(unsigned operand) {
    return mlir::cast<mlir::RankedTensorType>(call.getOperand(operand).getType());
  }
  mlir::RankedTensorType resultType(unsigned result = 0) {
    return mlir::cast<mlir::RankedTensorType>(call.getResult(result).getType());
  }

  /// Verifies what the call became, and takes its results. Reports C010 with the verifier's words when it is wrong.
  mlir::LogicalResult finish(mlir::Operation *lowered);

private:
  Lowering &lowering;
};

} // namespace rblnc::lower
